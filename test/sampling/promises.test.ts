import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeShop, novemberDay, recallOf, shopWorld } from './shop.ts';
import { drawnOf, groupsOf, preview, rowsOf, writeShops } from './shopFiles.ts';
import { sampledOf } from './sampled.ts';
import { difference } from './difference.ts';
import { formats } from './worldFiles.ts';
import type { EntryDraft, StageDraft, World } from './world.ts';

writeShops();
const shop = makeShop('promises', 40, 150);
const users = Array.from({ length: 40 }, (_, k) => `user-${k}`);
const recall = (entries: Record<string, EntryDraft>, perPositive?: number): World =>
  shopWorld(shop, 'recall', recallOf(entries, perPositive));
const counted = {
  exposed_unclicked: 3,
  popularity: { count: 4, exponent: 0.75 },
  global_random: 3,
  exposed_random: 2,
  same_city: { source: 'same_attribute', match: ['city'], count: 2 },
  hard_rank: { count: 3, ranks: [3, 20] },
  hard_score: { count: 2, skip: 1, top: 10 },
  ranked_unexposed: 2,
  coarse_filtered: { count: 3, by: 'channel' },
};

test('the rows of an entry stay when the share of others changes and its own quota does not', async () => {
  const before = groupsOf(
    await preview(
      recall(
        {
          a: { source: 'global_random', share: 0.25 },
          b: { source: 'popularity', share: 0.45 },
          c: { source: 'exposed_unclicked', share: 0.3 },
        },
        7,
      ),
      { users },
    ),
  );
  const later = groupsOf(
    await preview(
      recall(
        {
          a: { source: 'global_random', share: 0.25 },
          b: { source: 'popularity', share: 0.35 },
          c: { source: 'exposed_unclicked', share: 0.4 },
        },
        7,
      ),
      { users },
    ),
  );
  assert.deepEqual([...later.keys()], [...before.keys()]);
  let same = 0;
  let moved = 0;
  for (const [key, group] of before) {
    const other = later.get(key);
    assert.ok(other);
    assert.equal(other.quotas['a'], group.quotas['a'], 'the first share did not change');
    for (const entry of ['a', 'b', 'c']) {
      if ((group.quotas[entry] ?? 0) !== (other.quotas[entry] ?? 0)) moved++;
      else {
        assert.deepEqual(drawnOf(other, entry), drawnOf(group, entry), `${key} ${entry}`);
        same++;
      }
    }
  }
  assert.ok(
    before.size > 200 && same > before.size && moved > 0,
    `${before.size} groups, ${same} equal quotas, ${moved} others`,
  );
});

test('a count changes the rows of its own entry only, and growing it keeps the first ones', async () => {
  const before = groupsOf(await preview(recall(counted), { users }));
  for (const grown of Object.keys(counted)) {
    const amount = (entry: EntryDraft): EntryDraft =>
      typeof entry === 'number' ? entry + 3 : { ...entry, count: Number(entry['count']) + 3 };
    const later = groupsOf(
      await preview(
        recall(
          Object.fromEntries(
            Object.entries(counted).map(([name, entry]) => [name, name === grown ? amount(entry) : entry]),
          ),
        ),
        { users },
      ),
    );
    let more = 0;
    for (const [key, group] of before) {
      const other = later.get(key);
      assert.ok(other);
      for (const entry of Object.keys(counted))
        if (entry !== grown)
          assert.deepEqual(drawnOf(other, entry), drawnOf(group, entry), `${key}: ${entry} while ${grown} grows`);
      const items = (g: typeof group): string[] => rowsOf(g, grown).map(({ item }) => item);
      assert.deepEqual(items(other).slice(0, items(group).length), items(group), `${key}: ${grown}`);
      more += items(other).length - items(group).length;
    }
    assert.ok(more > 0, `${grown} grows`);
  }
});

test('the format and the order of rows, files and entries do not change the draws', async () => {
  const expected = sampledOf(await preview(recall(counted), { users }));
  const reversed = recall(Object.fromEntries(Object.entries(counted).reverse()));
  for (const format of formats) {
    for (const order of ['one', 'two']) {
      const { users: drawn } = sampledOf(
        await preview(order === 'one' ? recall(counted) : reversed, { users, format, order }),
      );
      assert.equal(difference({ users: drawn }, expected), null, `${format}, order ${order}`);
    }
  }
});

test('a user has the same rows whichever other users are drawn', async () => {
  const all = sampledOf(await preview(recall(counted), { users }));
  for (const few of [['user-7'], ['user-39', 'user-0'], users.slice(5, 20)]) {
    const expected = {
      users: few.map((user) => all.users.find((one) => one.user === user)).filter((one) => one !== undefined),
    };
    assert.equal(difference(sampledOf(await preview(recall(counted), { users: few })), expected), null, few.join());
  }
});

test('every group gets its full quota, without items that the user chose or that were not there', async () => {
  const chosen = new Set(shop.impressions.filter(({ clicked }) => clicked).map(({ user, item }) => `${user} ${item}`));
  const shares = {
    exposed_unclicked: 0.2,
    popularity: 0.3,
    global_random: 0.2,
    exposed_random: 0.1,
    hard_rank: { share: 0.1, ranks: [1, 30] },
    coarse_filtered: 0.1,
  };
  let rows = 0;
  for (const seed of ['a', 'b', 'c']) {
    const { users: drawn } = await preview(recall(shares, 13), { users, seed });
    for (const { user, groups } of drawn) {
      for (const group of groups) {
        assert.equal(
          Object.values(group.quotas).reduce((sum, n) => sum + n, 0),
          13,
          group.key,
        );
        const short = Object.values(group.shortfall).reduce((sum, { asked, drawn: had }) => sum + asked - had, 0);
        const negatives = group.rows.filter(({ label }) => label === 0);
        assert.equal(negatives.length, 13 - short, group.key);
        const time = Date.parse(group.time) * 1000;
        for (const { item, entry } of negatives) {
          assert.ok(!chosen.has(`${user} ${item}`), `${user} chose ${item}, drawn by ${entry ?? ''}`);
          const there = shop.items.get(item);
          assert.ok(
            there && (there.created ?? -Infinity) <= time + 999 && time < (there.removed ?? Infinity),
            `${item} was not there at ${group.time}, drawn by ${entry ?? ''}`,
          );
          rows++;
        }
      }
    }
  }
  assert.ok(rows > 5000, `${rows} rows`);
});

test('no request and no click of the log is lost where groups are requests', async () => {
  const draft: StageDraft = {
    unit: 'request',
    positives: { events: { click: 1 } },
    negatives: { per_request: { exposed_unclicked: 5, coarse_filtered: 5 } },
  };
  const groups = groupsOf(await preview(shopWorld(shop, 'coarse_ranking', draft), { users }));
  assert.deepEqual([...groups.keys()].sort(), [...new Set(shop.impressions.map(({ request }) => request))].sort());
  const clicks = new Set(
    shop.impressions.filter(({ clicked }) => clicked).map(({ request, item }) => `${request} ${item}`),
  );
  const positives = [...groups.values()].flatMap(({ key, rows }) =>
    rows.filter(({ label }) => label === 1).map(({ item }) => `${key} ${item}`),
  );
  assert.deepEqual(positives.sort(), [...clicks].sort());
});

test('no exposure and no click of the log is lost where groups are exposures', async () => {
  const draft: StageDraft = {
    unit: 'impression',
    positives: { events: { click: 1 } },
    negatives: { mix: { exposed_unclicked: 1 } },
  };
  const { users: drawn } = await preview(shopWorld(shop, 'fine_ranking', draft), { users });
  const rows = drawn.flatMap(({ user, groups }) =>
    groups.flatMap((group) => group.rows.map(({ item, label }) => `${user} ${item} ${group.request ?? ''} ${label}`)),
  );
  assert.deepEqual(
    rows.sort(),
    shop.impressions.map(({ user, item, request, clicked }) => `${user} ${item} ${request} ${Number(clicked)}`).sort(),
  );
});

test('downsampled negatives stay the same if fewer are dropped', async () => {
  const draft = (downsample: number): StageDraft => ({
    unit: 'impression',
    positives: { events: { click: 1 } },
    negatives: { mix: { exposed_unclicked: 1 }, downsample, calibration: 'weight' },
  });
  const kept = async (downsample: number): Promise<Set<string>> =>
    new Set(groupsOf(await preview(shopWorld(shop, 'fine_ranking', draft(downsample)), { users })).keys());
  const [few, more] = [await kept(0.2), await kept(0.6)];
  for (const key of few) assert.ok(more.has(key), key);
  assert.ok(more.size > few.size);
});

test('the window bounds what counts: nothing outside of it is a group', async () => {
  const world = shopWorld(shop, 'recall', recallOf({ global_random: 1 }), {
    window: { train: { from: '2026-11-03', to: '2026-11-04' } },
  });
  const times = [...groupsOf(await preview(world, { users })).values()].map(({ time }) => Date.parse(time) * 1000);
  const clicks = shop.impressions.filter(
    ({ clicked, time }) => clicked && time >= novemberDay(3) && time < novemberDay(5),
  );
  assert.equal(times.length, clicks.length);
  assert.ok(times.every((time) => time >= novemberDay(3) && time < novemberDay(5)));
});
