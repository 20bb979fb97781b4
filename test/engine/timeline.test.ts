import './twoThreads.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { everything } from '../../src/core/table/filter.ts';
import { engine, failureCode, parquet, ref } from './fixture.ts';

test('a time line counts the rows and positives of each hour, and the times of each split', async () => {
  const path = await parquet(
    'timeline.parquet',
    `SELECT CAST(i AS INTEGER) AS i, CAST(i % 3 = 0 AS TINYINT) AS label,
      CASE WHEN i < 70 THEN 'train' ELSE 'eval' END AS split,
      CASE WHEN i = 5 THEN NULL WHEN i = 6 THEN TIMESTAMPTZ 'infinity' ELSE make_timestamp(1772323200000000 + i * 3000000000) AT TIME ZONE 'UTC' END AS ts,
      1 AS s, 2 AS t, FALSE AS p, TRUE AS other, 3 AS finite, 4 AS start
      FROM range(90) t(i)`,
  );
  const start = Date.UTC(2026, 2, 1);
  const rows = Array.from({ length: 90 }, (_, i) => ({ i, at: start + i * 3_000_000 })).filter(
    ({ i }) => i !== 5 && i !== 6,
  );
  const text = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');
  const bars = (kept: typeof rows): unknown => {
    const hours = new Map<number, { rows: number; positives: number }>();
    for (const { i, at } of kept) {
      const hour = Math.floor(at / 3_600_000) * 3_600_000;
      const old = hours.get(hour) ?? { rows: 0, positives: 0 };
      hours.set(hour, { rows: old.rows + 1, positives: old.positives + (i % 3 === 0 ? 1 : 0) });
    }
    return [...hours].map(([hour, counts]) => ({ at: text(hour), ...counts }));
  };
  const found = await engine.call('timeline', { ref: ref(path), view: everything });
  assert.deepEqual(found, {
    unit: 'hour',
    bars: bars(rows),
    bands: [
      { split: 'train', from: text(start), to: text(start + 69 * 3_000_000) },
      { split: 'eval', from: text(start + 70 * 3_000_000), to: text(start + 89 * 3_000_000) },
    ],
    timeless: 2,
  });
  const filter = { conditions: [], expression: 'i >= 80' };
  const filtered = await engine.call('timeline', { ref: ref(path), view: { filter, sort: [] } });
  assert.deepEqual(filtered.bars, bars(rows.filter(({ i }) => i >= 80)));
  const none = { conditions: [], expression: 'i < 0' };
  assert.deepEqual((await engine.call('timeline', { ref: ref(path), view: { filter: none, sort: [] } })).bars, []);
});

test('long times and dates have wider bars, ratings have no positives, and a file without times is refused', async () => {
  const years = await parquet(
    'years.parquet',
    `SELECT DATE '2001-01-01' + CAST(i AS INTEGER) AS dt, 5 AS label FROM range(4000) t(i)`,
  );
  const { unit, bars } = await engine.call('timeline', {
    ref: { ...ref(years), roles: { dt: 'time' } },
    view: everything,
  });
  assert.equal(unit, 'month');
  assert.deepEqual(bars[0], { at: '2001-01-01 00:00:00', rows: 31, positives: null });
  assert.equal(
    bars.reduce((sum, bar) => sum + bar.rows, 0),
    4000,
  );
  const plain = await parquet('plain.parquet', `SELECT 1 AS user_id`);
  assert.equal(await failureCode(engine.call('timeline', { ref: ref(plain), view: everything })), 'bad-request');
});
