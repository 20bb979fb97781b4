import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rangeOfBins } from '../../src/core/table/binRange.ts';
import type { Scalar } from '../../src/core/table/profile.ts';
import type { LogicalType } from '../../src/core/table/type.ts';

const bins = (from: Scalar, to: Scalar, count = 4) => ({
  kind: 'range' as const,
  from,
  to,
  counts: Array.from({ length: count }, () => 1),
});
const int64: LogicalType = { kind: 'integer', bits: 64, signed: true };

test('bins of whole numbers, decimals and times end exactly where the next ones start', () => {
  assert.deepEqual(rangeOfBins(bins(0, 7), int64, 0, 0), ['0', '1']);
  assert.deepEqual(rangeOfBins(bins(0, 7), int64, 1, 3), ['2', '7']);
  const large = bins('9223372036854775800', '9223372036854775807', 2);
  assert.deepEqual(rangeOfBins(large, int64, 1, 1), ['9223372036854775804', '9223372036854775807']);
  assert.deepEqual(rangeOfBins(bins('-1.00', '1.00'), { kind: 'decimal', precision: 9, scale: 2 }, 0, 1), [
    '-1.00',
    '-0.01',
  ]);
  assert.deepEqual(rangeOfBins(bins('1969-12-30', '1970-01-02'), { kind: 'date' }, 1, 2), ['1969-12-31', '1970-01-01']);
  assert.deepEqual(
    rangeOfBins(
      bins('2026-03-01 00:00:00.5+00', '2026-03-03 00:00:00.5+00'),
      { kind: 'timestamp', unit: 'us', zoned: true },
      2,
      2,
    ),
    ['2026-03-02 00:00:00.500000', '2026-03-02 12:00:00.499999'],
  );
});

test('bins of floats have the digits of their type; the last one holds the largest value', () => {
  assert.deepEqual(rangeOfBins(bins(-14, -6), { kind: 'float', bits: 64 }, 1, 2), ['-12', '-8']);
  assert.deepEqual(
    rangeOfBins(bins(0, 0.30000000000000004), { kind: 'float', bits: 64 }, 3, 3)?.[1],
    '0.30000000000000004',
  );
  assert.deepEqual(rangeOfBins(bins(0, 0.4), { kind: 'float', bits: 32 }, 0, 0), ['0', '0.1']);
  assert.equal(rangeOfBins(bins('a', 'b'), { kind: 'string' }, 0, 0), null);
});
