import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { engine, folder } from '../engine/fixture.ts';
import type { SampleSummary } from '../../src/core/sampling/sampleSummary.ts';
import { ownNames } from '../../src/core/data/outputName.ts';
import { Dice } from './dice.ts';
import { requestOf } from './sampled.ts';
import { makeShop, novemberDay, recallOf, shopWorld } from './shop.ts';
import { groupsOf, preview, writeShops } from './shopFiles.ts';
import type { EntryDraft, Row, StageDraft, World } from './world.ts';
import { WorldFiles } from './worldFiles.ts';

writeShops();
const hour = 3_600_000_000;
const shop = makeShop('history', 30, 90);
const users = Array.from({ length: 30 }, (_, k) => `user-${k}`);
const { impressions } = shop.tables;
assert.ok(impressions);
const dice = new Dice('history');
/** By row of the impressions: the past items of the user. Some have none. */
const past = impressions.rows.map(() =>
  dice.chance(0.3) ? [] : Array.from({ length: dice.whole(1, 6) }, () => `item-${dice.whole(0, 89)}`),
);
const textOf = (items: readonly string[], k: number): string | null =>
  items.length === 0 ? (k % 2 === 0 ? null : '') : items.join(' ');
const texts = past.map(textOf);

const mix = { exposed_unclicked: 2, popularity: { count: 3 }, global_random: 6 };
const history = { column: 'hist', separator: ' ' };

interface Given {
  readonly name: string;
  readonly hist?: readonly (string | null)[];
  readonly type?: string;
  readonly rows?: readonly Row[];
  readonly entries?: Record<string, EntryDraft>;
  readonly exclude?: unknown;
  readonly unit?: StageDraft['unit'];
  readonly split?: 'train' | 'eval';
  readonly logq?: string;
}

const windows = {
  train: { from: '2026-11-02', to: '2026-11-04' },
  eval: { from: '2026-11-05', to: '2026-11-08' },
  known_until: '2026-11-06T09:00:00',
};

/** A stage of the shop with a column of past items. */
function world({
  name,
  hist = texts,
  type = 'VARCHAR',
  rows = impressions?.rows ?? [],
  entries = mix,
  exclude = { history },
  unit = 'positive',
  split,
  logq,
}: Given): World {
  const recall = recallOf(entries);
  const plain: StageDraft = unit === 'positive' ? recall : { ...recall, unit, negatives: { per_request: entries } };
  const draft: StageDraft = {
    ...plain,
    negatives: { ...plain.negatives, exclude },
    ...(logq === undefined ? {} : { training: { loss: 'sampled_softmax', logq } }),
  };
  const made = shopWorld(shop, unit === 'positive' ? 'recall' : 'coarse_ranking', draft, { window: windows });
  const types = { ...impressions?.types, hist: type };
  const withPast = rows.map((row, k): Row => ({ ...row, hist: hist[k] ?? null }));
  return {
    ...made,
    name: `history-${name}`,
    ...(split ? { split } : {}),
    tables: { ...shop.tables, impressions: { types, rows: withPast } },
  };
}

async function rowsOfAll(of: World): Promise<string[]> {
  return [...groupsOf(await preview(of, { users })).values()].flatMap(({ key, time, rows }) =>
    rows.map(({ item, label, entry, draw, logQ, logQMix, corrections }) =>
      JSON.stringify([key, time, item, label, entry, draw, logQ, logQMix, corrections]),
    ),
  );
}

const until = { train: novemberDay(5) - 1, eval: novemberDay(6) + 9 * hour };
const timeOf = (k: number): number => Number(impressions.rows[k]?.['ts']);

for (const split of ['train', 'eval'] as const) {
  for (const unit of ['positive', 'request'] as const) {
    test(`${unit}, ${split}: a history before the training window or after the known outcomes changes nothing`, async () => {
      const given = { unit, split, logq: 'shares' };
      const rows = await rowsOfAll(world({ ...given, name: 'whole' }));
      assert.ok(rows.length > 40, `${rows.length} rows`);
      const other = texts.map((text, k) =>
        timeOf(k) > until[split] || timeOf(k) < novemberDay(2) ? `item-${k % 90} item-${(k + 7) % 90}` : text,
      );
      assert.notDeepEqual(other, texts);
      assert.deepEqual(await rowsOfAll(world({ ...given, name: `later-${split}`, hist: other })), rows);
      const all = { within: 'all', history };
      assert.notDeepEqual(
        await rowsOfAll(world({ ...given, name: `later-${split}`, hist: other, exclude: all })),
        await rowsOfAll(world({ ...given, name: 'whole', exclude: all })),
      );
    });
  }
}

test('no item of a history is drawn, whatever the lookback, and every one counts', async () => {
  const expected = new Map(users.map((user) => [user, new Set<string>()]));
  impressions.rows.forEach(({ user_id, ts }, k) => {
    if (Number(ts) >= novemberDay(2) && Number(ts) <= until.train)
      for (const item of past[k] ?? []) expected.get(String(user_id))?.add(item);
  });
  for (const exclude of [{ history }, { history, lookback: '1h' }]) {
    const found = await preview(world({ name: 'drawn', exclude }), { users });
    let refused = 0;
    for (const { user, groups } of found.users)
      for (const { rows } of groups)
        for (const { item, label, why } of rows) {
          assert.ok(label === 1 || expected.get(user)?.has(item) === false, `${user} ${item}`);
          if (why.kind !== 'pool') continue;
          for (const one of why.rejected) {
            if (one.isPast) refused++;
            if (one.reason === 'excluded') assert.equal(one.isPast === true, expected.get(user)?.has(one.item));
          }
        }
    assert.ok(refused > 20, `${refused} rejected`);
    const items = [...expected.values()].reduce((sum, { size }) => sum + size, 0);
    assert.deepEqual(found.histories, [{ column: 'hist', within: 'train', items, unknown: 0 }]);
  }
});

test('repeated, unknown and blank ids change no row; unknown ones are counted', async () => {
  const messy = past.map((items, k) =>
    items.length === 0 ? textOf(items, k) : `  ${items.join('  ')} gone-${k % 3} ${items.join('\t ')} `,
  );
  const [clean, found] = [world({ name: 'clean' }), world({ name: 'messy', hist: messy })];
  assert.deepEqual(await rowsOfAll(found), await rowsOfAll(clean));
  const { histories: [counts] = [] } = await preview(found, { users });
  assert.ok(counts && counts.unknown > 30 && counts.unknown <= 90, `${counts?.unknown}`);
});

test('a column of lists gives the rows of the texts', async () => {
  const lists = past.map((items, k) => (items.length === 0 && k % 2 === 0 ? null : `[${items.join(', ')}]`));
  const exclude = { history: { column: 'hist' } };
  const type = 'VARCHAR[]';
  assert.deepEqual(
    await rowsOfAll(world({ name: 'lists', hist: lists, type, exclude })),
    await rowsOfAll(world({ name: 'texts' })),
  );
});

/** The files of a stage: rows as text, and the summary. */
async function written(of: World, threads: number, blockRows: number): Promise<[string[], SampleSummary]> {
  const files = await WorldFiles.open();
  const directory = join(folder, `${of.name}-file-${threads}-${blockRows}`);
  try {
    const config = await files.write(of, directory, 'parquet', new Dice('files'));
    const path = join(directory, 'out.csv');
    const request = await requestOf(config, of.stage, {});
    const summary = await engine.call('sample', {
      ...request,
      users: null,
      output: { path, format: 'csv', layout: 'long', names: ownNames, passThrough: [], within: null, facts: {} },
      blockRows,
      threads,
    });
    const { readFileSync } = await import('node:fs');
    return [readFileSync(path, 'utf8').trim().split('\n').slice(1), summary];
  } finally {
    files.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

// One pool without a lookback is drawn in WebAssembly, several pools by columns, and lists by user.
for (const [name, entries] of Object.entries({
  one: { global_random: 8 },
  pools: { global_random: 4, popularity: { count: 2 } },
  lists: mix,
} satisfies Record<string, Record<string, EntryDraft>>)) {
  test(`${name}: a file has the draws of the preview, for any threads and blocks`, async () => {
    const of = world({ name: `file-${name}`, entries });
    const drawn = (await preview(of, { users })).users.flatMap(({ user, groups }) =>
      groups.flatMap(({ rows }) => rows.map(({ item, label, entry }) => [user, item, label, entry ?? ''].join())),
    );
    const expected = [...drawn].sort();
    assert.ok(expected.length > 100);
    for (const [threads, blockRows] of [
      [1, 1_000_000],
      [2, 50],
    ] as const) {
      const [rows, { histories }] = await written(of, threads, blockRows);
      const cells = rows.map((row) => {
        const [user = '', item = '', label = '', , entry = ''] = row.split(',');
        return [user, item, label, entry].join();
      });
      assert.deepEqual(cells.sort(), expected);
      assert.ok(histories?.[0] && histories[0].items > 100);
    }
  });
}
