import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Dice } from './dice.ts';
import { makeShop, novemberDay, recallOf, shopWorld, type Shop } from './shop.ts';
import { preview, writeShops } from './shopFiles.ts';
import type { Row, StageDraft, World } from './world.ts';

writeShops();
const shop = makeShop('day tables', 30, 90);
/** Their own rows stay the same, so that only the counts can change their draws. */
const kept = Array.from({ length: 10 }, (_, k) => `user-${k}`);

/** The entries of the stage: their counts move with the day, or stop at the cut. */
const entries = (asOf: 'cut' | 'day') => ({
  popularity: { count: 3, exponent: 0.75, as_of: asOf },
  recent: { source: 'popularity', count: 2, window: '2d', as_of: asOf, smoothing: 0.5 },
  shown: { source: 'popularity', count: 2, window: '3d', as_of: asOf, exclude: 'none' },
  global_random: 1,
});
const units: Readonly<Record<string, readonly [World['stage'], (asOf: 'cut' | 'day') => StageDraft]>> = {
  positive: ['recall', (asOf) => ({ ...recallOf(entries(asOf)), training: { logq: 'shares' } })],
  request: [
    'coarse_ranking',
    (asOf) => ({
      unit: 'request',
      positives: { events: { click: 1 } },
      negatives: { per_request: entries(asOf) },
      training: { logq: 'shares' },
    }),
  ],
};
const window = {
  train: { from: '2026-11-01', to: '2026-11-06' },
  eval: { from: '2026-11-07', to: '2026-11-08' },
};

/** The same shop, with other rows of the other users from a time on: other items and outcomes, fewer rows and new ones. */
function changedFrom(bound: number, seed: string): Shop['tables'] {
  const dice = new Dice(seed);
  const { impressions } = shop.tables;
  assert.ok(impressions);
  const change = (row: Row): Row => ({ ...row, item_id: `item-${dice.whole(0, 89)}`, is_click: dice.chance(0.7) });
  const rows = impressions.rows.flatMap((row) => {
    if (Number(row['ts']) < bound || kept.includes(String(row['user_id']))) return [row];
    return dice.chance(0.2) ? [] : dice.chance(0.3) ? [row, change(row)] : [change(row)];
  });
  return { ...shop.tables, impressions: { ...impressions, rows } };
}

/** All rows of the groups before a time, with their probabilities and corrections. */
async function rowsBefore(bound: number, world: World): Promise<string[]> {
  const { users } = await preview(world, { users: kept });
  return users
    .flatMap(({ groups }) => groups)
    .filter(({ time }) => Date.parse(time) * 1000 < bound)
    .flatMap(({ key, rows }) =>
      rows.map(({ item, label, entry, draw, logQ, logQMix, corrections }) =>
        JSON.stringify([key, item, label, entry, draw, logQ, logQMix, corrections]),
      ),
    );
}

for (const [unit, [stage, draft]] of Object.entries(units)) {
  for (const date of [3, 5, 6]) {
    test(`unit ${unit}: rows from the start of 2026-11-0${date} on change nothing in groups up to that day`, async () => {
      const of = (asOf: 'cut' | 'day', tables: Shop['tables'], name: string): World => ({
        ...shopWorld({ ...shop, tables }, stage, draft(asOf), { window }),
        name,
      });
      const changed = changedFrom(novemberDay(date), `changed ${date}`);
      const rows = await rowsBefore(novemberDay(date + 1), of('day', shop.tables, 'days'));
      assert.ok(rows.length > 20, `${rows.length} rows`);
      assert.deepEqual(await rowsBefore(novemberDay(date + 1), of('day', changed, `days-${date}`)), rows);
      // Counts up to the cut know these rows.
      assert.notDeepEqual(
        await rowsBefore(novemberDay(date + 1), of('cut', changed, `days-${date}`)),
        await rowsBefore(novemberDay(date + 1), of('cut', shop.tables, 'days')),
      );
    });
  }

  test(`unit ${unit}: rows after the cut change nothing in evaluation`, async () => {
    const of = (tables: Shop['tables'], name: string): World => ({
      ...shopWorld({ ...shop, tables }, stage, draft('day'), { window }),
      name,
      split: 'eval',
    });
    const rows = await rowsBefore(Infinity, of(shop.tables, 'days'));
    assert.ok(rows.length > 20, `${rows.length} rows`);
    const changed = changedFrom(novemberDay(7), 'changed after the cut');
    assert.deepEqual(await rowsBefore(Infinity, of(changed, 'days-eval')), rows);
  });
}
