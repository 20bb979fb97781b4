import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Dice } from './dice.ts';
import { makeShop, novemberDay, recallOf, shopWorld, type Shop } from './shop.ts';
import { groupsOf, preview, writeShops } from './shopFiles.ts';
import type { Row, StageDraft, World } from './world.ts';

writeShops();
const users = Array.from({ length: 30 }, (_, k) => `user-${k}`);
const hour = 3_600_000_000;

/** A shop whose requests take some hours, so that many of them are not over at a bound. */
function slowShop(): Shop {
  const shop = makeShop('splits', 30, 90);
  const { impressions } = shop.tables;
  assert.ok(impressions);
  const rows = impressions.rows.map((row, k): Row => ({ ...row, ts: Number(row['ts']) + (k % 6) * 2 * hour }));
  return { ...shop, tables: { ...shop.tables, impressions: { ...impressions, rows } } };
}
const shop = slowShop();

const entries = {
  exposed_unclicked: 3,
  above: { source: 'exposed_unclicked', count: 2, seen: 'above_last_click+1', mature_after: '12h' },
  popularity: { count: 3, exponent: 0.75 },
  recent: { source: 'popularity', count: 2, window: '2d' },
  exposed_random: 2,
  global_random: { count: 2, exclude: { events: ['impressions'], lookback: '2d' } },
};
const drafts: Readonly<Record<string, [World['stage'], StageDraft]>> = {
  positive: [
    'recall',
    {
      ...recallOf(entries),
      positives: { events: { click: 1 }, downsample_hot: { threshold: 0.02 }, max_per_user_per_day: 2 },
    },
  ],
  request: [
    'coarse_ranking',
    {
      unit: 'request',
      positives: { events: { click: 1 } },
      negatives: { per_request: { ...entries, hard_rank: { count: 3, ranks: [1, 20] }, coarse_filtered: 2 } },
    },
  ],
  impression: [
    'fine_ranking',
    {
      unit: 'impression',
      positives: { events: { click: 1 } },
      negatives: {
        mix: { exposed_unclicked: { share: 1, seen: 'above_last_click+1', mature_after: '6h' } },
        downsample: 0.5,
        calibration: 'weight',
      },
    },
  ],
};
const windows = {
  train: { from: '2026-11-01', to: '2026-11-04' },
  eval: { from: '2026-11-05', to: '2026-11-08', resample: true },
  known_until: '2026-11-06T09:00:00',
};
const bounds = { train: novemberDay(5) - 1, eval: novemberDay(6) + 9 * hour };

/** The same shop, with other rows after a time: other items and outcomes, fewer rows and new ones. */
function changedAfter(bound: number, seed: string): Shop['tables'] {
  const dice = new Dice(seed);
  const { impressions } = shop.tables;
  assert.ok(impressions);
  const isLater = (row: Row): boolean => Number(row['ts']) > bound;
  const change = (row: Row): Row => ({
    ...row,
    item_id: `item-${dice.whole(0, 89)}`,
    is_click: dice.chance(0.5),
    is_viewed: dice.chance(0.5),
    position: dice.whole(1, 40),
  });
  const rows = impressions.rows.flatMap((row) => {
    if (!isLater(row)) return [row];
    return dice.chance(0.2) ? [] : dice.chance(0.2) ? [row, change(row)] : [change(row)];
  });
  return { ...shop.tables, impressions: { ...impressions, rows } };
}

/** All rows of a preview, with everything that a sample file holds of them. */
async function rowsOfAll(world: World): Promise<string[]> {
  return [...groupsOf(await preview(world, { users })).values()].flatMap(({ key, time, rows }) =>
    rows.map(({ item, label, entry, draw, logQ, logQMix, weight, keepProbability }) =>
      JSON.stringify([key, time, item, label, entry, draw, logQ, logQMix, weight, keepProbability]),
    ),
  );
}

for (const [unit, [stage, draft]] of Object.entries(drafts)) {
  for (const split of ['train', 'eval'] as const) {
    test(`unit ${unit}, ${split}: rows after the known outcomes change nothing`, async () => {
      const world: World = { ...shopWorld(shop, stage, draft, { window: windows }), name: 'splits', split };
      const rows = await rowsOfAll(world);
      assert.ok(rows.length > 40, `${rows.length} rows`);
      const changed: World = {
        ...world,
        name: `splits-${split}`,
        tables: changedAfter(bounds[split], `changed ${split}`),
      };
      assert.deepEqual(await rowsOfAll(changed), rows);
    });

    if (unit === 'impression') continue;
    test(`unit ${unit}, ${split}: an exclusion within all sees rows after the known outcomes`, async () => {
      const key = unit === 'positive' ? 'per_positive' : 'per_request';
      const all: StageDraft = {
        ...draft,
        negatives: { [key]: { global_random: 5 }, exclude: { events: ['impressions'], within: 'all' } },
      };
      const world: World = { ...shopWorld(shop, stage, all, { window: windows }), name: 'splits', split };
      const changed: World = {
        ...world,
        name: `splits-${split}`,
        tables: changedAfter(bounds[split], `changed ${split}`),
      };
      assert.notDeepEqual(await rowsOfAll(changed), await rowsOfAll(world));
    });
  }
}

test('evaluation keeps its natural distribution unless it is resampled; both splits have keep_prob', async () => {
  const [stage, draft] = drafts['positive'] ?? assert.fail();
  const of = async (split: 'train' | 'eval', resample: boolean) => {
    const window = { ...windows, eval: { ...windows.eval, resample } };
    const world: World = { ...shopWorld(shop, stage, draft, { window }), name: 'splits', split };
    return [...groupsOf(await preview(world, { users })).values()]
      .flatMap(({ rows }) => rows)
      .filter((row) => row.label === 1);
  };
  const clicks = shop.tables.impressions?.rows.filter(({ ts, is_click: click }) => {
    return click === true && Number(ts) >= novemberDay(5) && Number(ts) <= bounds.eval;
  });
  const [natural, resampled] = [await of('eval', false), await of('eval', true)];
  assert.equal(natural.length, clicks?.length);
  assert.ok(resampled.length < natural.length, `${resampled.length} of ${natural.length}`);
  assert.ok(natural.every(({ keepProbability }) => keepProbability === 1));

  // The keep probability comes from the training positives, counted here from the rows of the log.
  const trained = shop.tables.impressions?.rows.filter(
    ({ ts, is_click: click }) => click === true && Number(ts) <= bounds.train,
  );
  for (const { item, keepProbability } of resampled) {
    const share = (trained ?? []).filter((row) => row['item_id'] === item).length / (trained?.length ?? NaN);
    const keep = share === 0 ? 1 : Math.min(1, ((Math.sqrt(share / 0.02) + 1) * 0.02) / share);
    assert.ok(Math.abs((keepProbability ?? NaN) - keep) < 1e-12, `${item}: ${keepProbability} and ${keep}`);
  }
});
