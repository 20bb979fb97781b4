import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowsAtOnce, rowsOfPart } from '../../src/engine/write/rowsParts.ts';

test('a part has whole row groups if one fits in memory, and never more rows than fit', () => {
  for (const [memory, rows] of [
    [2e9, 491_520],
    [1e9, 368_640],
    [300e6, 122_880],
  ] as const)
    assert.equal(rowsOfPart(memory, 12, false), rows, String(memory));
  assert.equal(rowsOfPart(100e6, 12, false), rowsAtOnce(100e6, 12));
  assert.equal(rowsOfPart(2e9, 12, true), rowsAtOnce(2e9, 12));
});
