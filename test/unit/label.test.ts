import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelKind } from '../../src/core/table/label.ts';

test('a label is positive, negative, none or another value', () => {
  const kinds = {
    positive: [true, 'true', 1, '1', '1.0'],
    negative: [false, 'false', 0, '0', '-0.0'],
    none: [null, NaN, 'NaN', 'nan', '-nan'],
    other: [2, '5', '-1', 'inf', '', ' ', 'yes', '0.5'],
  };
  for (const [kind, values] of Object.entries(kinds))
    for (const value of values) assert.equal(labelKind(value), kind, String(value));
});
