import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Dice } from './dice.ts';
import { makeShop, novemberDay, recallOf, shopWorld, type Shop } from './shop.ts';
import { groupsOf, preview, writeShops } from './shopFiles.ts';
import type { ConfigDraft, Row, StageDraft, Table, World } from './world.ts';

writeShops();
const hour = 3_600_000_000;
const shop = makeShop('events', 30, 90);
const users = Array.from({ length: 30 }, (_, k) => `user-${k}`);
const types = { uid: 'VARCHAR', iid: 'VARCHAR', rid: 'VARCHAR', at: 'BIGINT', bought: 'BOOLEAN' };
/** A column of a table must not be an SQL word. */
const columns = { user: 'uid', item: 'iid', time: { column: 'done_at', unit: 'us' } };

/** Orders: some after an impression, some of items that the user was never shown. */
function ordersOf({ impressions }: Shop, seed: string, share: number): Row[] {
  const dice = new Dice(seed);
  return impressions
    .filter(() => dice.chance(share))
    .map(({ user, item, time, request }): Row => {
      const alone = dice.chance(0.4);
      return {
        uid: user,
        iid: alone ? `item-${dice.whole(0, 89)}` : item,
        rid: alone ? null : request,
        done_at: time + dice.pick([0, hour, 20 * hour, 40 * hour]),
        bought: true,
      };
    });
}

const table = (rows: readonly Row[]): Table => {
  const { at, ...others } = types;
  return { types: { ...others, done_at: at }, rows };
};

interface Given {
  readonly orders: readonly Row[];
  readonly options?: Record<string, unknown>;
  readonly unit?: StageDraft['unit'];
  readonly window?: Record<string, unknown>;
  readonly name: string;
  readonly split?: 'train' | 'eval';
}

const mix = { exposed_unclicked: 2, popularity: { count: 3 }, global_random: 2 };
/** Recall of the shop with a table of orders. */
function world({ orders, options = {}, unit = 'positive', window, name, split }: Given): World {
  const draft: StageDraft =
    unit === 'positive'
      ? { ...recallOf(mix), positives: { events: { click: 1, buy: 3 } } }
      : { unit, positives: { events: { click: 1, buy: 3 } }, negatives: { per_request: mix } };
  const plain = shopWorld(shop, unit === 'positive' ? 'recall' : 'coarse_ranking', draft, {
    events: { click: 'is_click', buy: 'bought' },
    ...(window ? { window } : {}),
  });
  const data = { ...plain.config.data, clicks: { columns, ...options } } as ConfigDraft['data'];
  return {
    ...plain,
    name,
    ...(split ? { split } : {}),
    config: { ...plain.config, data },
    tables: { ...shop.tables, clicks: table(orders) },
  };
}

async function rowsOfAll(of: World): Promise<string[]> {
  return [...groupsOf(await preview(of, { users })).values()].flatMap(({ key, time, rows }) =>
    rows.map(({ item, label, entry, draw, logQ, weight }) =>
      JSON.stringify([key, time, item, label, entry, draw, logQ, weight]),
    ),
  );
}

const windows = {
  train: { from: '2026-11-01', to: '2026-11-04' },
  eval: { from: '2026-11-05', to: '2026-11-08' },
  known_until: '2026-11-06T09:00:00',
};
const bounds = { train: novemberDay(5) - 1, eval: novemberDay(6) + 9 * hour };
const orders = ordersOf(shop, 'orders', 0.4);

for (const unmatched of ['exclude', 'positive', 'ignore']) {
  for (const split of ['train', 'eval'] as const) {
    for (const unit of ['positive', 'request'] as const) {
      test(`${unmatched}, ${unit}, ${split}: events and impressions after the known outcomes change nothing`, async () => {
        const options = { unmatched, within: '2d' };
        const given = { orders, options, unit, window: windows, split };
        const rows = await rowsOfAll(world({ ...given, name: 'events' }));
        assert.ok(rows.length > 40, `${rows.length} rows`);
        const dice = new Dice(`later ${split}`);
        const isLater = (time: unknown): boolean => Number(time) > bounds[split];
        const later = orders.flatMap((row) =>
          isLater(row['done_at'])
            ? dice.chance(0.5)
              ? []
              : [{ ...row, iid: `item-${dice.whole(0, 89)}` }, row]
            : [row],
        );
        const { impressions } = shop.tables;
        assert.ok(impressions);
        const shown = impressions.rows.map((row) =>
          isLater(row['ts']) ? { ...row, item_id: `item-${dice.whole(0, 89)}`, is_click: dice.chance(0.5) } : row,
        );
        const changed = world({ ...given, orders: later, name: `events-${split}` });
        const tables = { ...changed.tables, impressions: { ...impressions, rows: shown } };
        assert.deepEqual(await rowsOfAll({ ...changed, tables }), rows);
      });
    }
  }
}

test('repeated events change no row, but are counted', async () => {
  const options = { unmatched: 'positive' };
  const once = world({ orders, options, name: 'once' });
  const thrice = world({ orders: orders.flatMap((row) => [row, row, row]), options, name: 'thrice' });
  assert.deepEqual(await rowsOfAll(thrice), await rowsOfAll(once));
  const [one, three] = [await preview(once, { users }), await preview(thrice, { users })].map(
    ({ facts }) => facts.events?.[0] ?? assert.fail(),
  );
  assert.ok(one && three && one.matched > 0 && one.unmatched > 0);
  assert.deepEqual([three.matched, three.unmatched], [3 * one.matched, 3 * one.unmatched]);
});

test('an events log ten times the impressions keeps the rows of its impressions', async () => {
  const many = Array.from({ length: 10 * shop.impressions.length }, (_, k): Row => ({
    uid: `visitor-${k % 500}`,
    iid: `item-${k % 90}`,
    rid: null,
    done_at: novemberDay(2) + k,
    bought: true,
  }));
  const options = { unmatched: 'exclude' };
  const few = world({ orders, options, name: 'few' });
  assert.deepEqual(
    await rowsOfAll(world({ orders: [...orders, ...many], options, name: 'many' })),
    await rowsOfAll(few),
  );
});

test('an event without an impression excludes its item, and is a positive if the config says so', async () => {
  const alone: Row[] = users.map((user, k): Row => ({
    uid: user,
    iid: `item-${k}`,
    rid: null,
    done_at: novemberDay(3) + k,
    bought: true,
  }));
  const shown = new Set(shop.impressions.map(({ user, item }) => `${user} ${item}`));
  const unseen = alone.filter(({ uid, iid }) => !shown.has(`${String(uid)} ${String(iid)}`));
  assert.ok(unseen.length > 5);
  const drawnOf = async (unmatched: string): Promise<{ drawn: Set<string>; positives: Set<string> }> => {
    const { users: found } = await preview(world({ orders: alone, options: { unmatched }, name: 'alone' }), { users });
    const [drawn, positives] = [new Set<string>(), new Set<string>()];
    for (const { user, groups } of found)
      for (const { rows } of groups)
        for (const { item, label } of rows) (label === 1 ? positives : drawn).add(`${user} ${item}`);
    return { drawn, positives };
  };
  const pairs = unseen.map(({ uid, iid }) => `${String(uid)} ${String(iid)}`);
  const [ignored, excluded, positive] = [await drawnOf('ignore'), await drawnOf('exclude'), await drawnOf('positive')];
  assert.ok(pairs.some((pair) => ignored.drawn.has(pair)));
  for (const pair of pairs) {
    assert.equal(excluded.drawn.has(pair), false, pair);
    assert.equal(excluded.positives.has(pair), false, pair);
    assert.equal(positive.drawn.has(pair), false, pair);
    assert.equal(positive.positives.has(pair), true, pair);
  }
});
