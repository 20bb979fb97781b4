import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engine, parquet, ref } from './fixture.ts';

test('ranges come from footers as exact text: numbers, flags, days and times, those with a zone in UTC', async () => {
  const path = await parquet(
    'ranges.parquet',
    `SELECT (9007199254740990 + n)::BIGINT AS id, n = 1 AS flag, DATE '2026-11-01' + n::INTEGER AS day, TIMESTAMP '2026-11-01 23:59:59.999998' + INTERVAL (n) MICROSECOND AS at,
      TIMESTAMPTZ '2026-11-01 02:00:00+08' + INTERVAL (n) HOUR AS zoned, (TIMESTAMP '2026-11-01 00:00:00' + INTERVAL (n) SECOND)::TIMESTAMP_NS AS fine, CASE WHEN n > 0 THEN n END AS gaps, NULL::INTEGER AS nothing, 0.1::DOUBLE + n / 5 AS float, (1 / 3)::FLOAT AS third, (n / 4)::DECIMAL(6, 3) AS price, CASE WHEN n = 1 THEN 'nan' ELSE '0.5' END::DOUBLE AS broken, n::VARCHAR AS text
    FROM range(4) r(n)`,
  );
  const columns = [
    'id',
    'flag',
    'day',
    'at',
    'zoned',
    'fine',
    'gaps',
    'nothing',
    'float',
    'third',
    'price',
    'broken',
    'text',
    'none',
  ];
  const { ranges } = await engine.call('metadata', { ref: ref(path), columns });
  assert.deepEqual(ranges, {
    id: { min: '9007199254740990', max: '9007199254740993' },
    flag: { min: 'false', max: 'true' },
    day: { min: '2026-11-01', max: '2026-11-04' },
    at: { min: '2026-11-01 23:59:59.999998', max: '2026-11-02 00:00:00.000001' },
    zoned: { min: '2026-10-31 18:00:00', max: '2026-10-31 21:00:00' },
    fine: { min: '2026-11-01 00:00:00', max: '2026-11-01 00:00:03' },
    gaps: { min: '1', max: '3' },
    float: { min: '0.1', max: '0.7' },
    third: { min: '0.33333334', max: '0.33333334' },
    price: { min: '0.000', max: '0.750' },
  });
});
