import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { shardName, shardRanks } from '../../src/core/sampling/placement.ts';
import { formatDay, isDayFormat } from '../../src/core/schema/dayFormat.ts';

test('shards share all ranks in order, as evenly as whole numbers allow', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 2 ** 48 }), (shards, count) => {
      let before = 0;
      for (let shard = 0; shard < shards; shard++) {
        const [first, end] = shardRanks(shard, shards, count);
        assert.equal(first, before);
        assert.ok(end - first >= Math.floor(count / shards) && end - first <= Math.ceil(count / shards));
        before = end;
      }
      assert.equal(before, count);
    }),
  );
});

test('the ranks of a shard are exact where products have more than 53 bits', () => {
  assert.deepEqual(shardRanks(99_998, 99_999, 2 ** 52), [4503554590923857, 4503599627370496]);
  assert.deepEqual(
    [0, 1, 2].map((shard) => shardRanks(shard, 3, 2)),
    [
      [0, 0],
      [0, 1],
      [1, 2],
    ],
  );
});

test('names of shards sort in the order of the shards', () => {
  assert.equal(shardName(0, 8, 'parquet'), 'part-00000-of-00008.parquet');
  assert.equal(shardName(99_998, 99_999, 'jsonl'), 'part-99998-of-99999.jsonl');
});

test('a format of days has year, month and day once each', () => {
  for (const format of ['yyyyMMdd', 'yyyy-MM-dd', 'dd.MM.yyyy', 'yyyy_MMdd']) assert.ok(isDayFormat(format), format);
  for (const format of [
    '',
    'yyyy',
    'yyyyMM',
    'yyMMdd',
    'yyyyMMddHH',
    'yyyy/MM/dd',
    'yyyyMMMM',
    'YYYYMMDD',
    'yyyyyyyydd',
  ])
    assert.ok(!isDayFormat(format), format);
  assert.equal(formatDay('2026-01-09', 'yyyyMMdd'), '20260109');
  assert.equal(formatDay('2026-01-09', 'dd.MM.yyyy'), '09.01.2026');
  assert.throws(() => formatDay('12026-01-09', 'yyyyMMdd'), RangeError);
});
