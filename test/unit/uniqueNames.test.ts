import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uniqueNames } from '../../src/engine/text/dialect.ts';

test('equal names get the first number that is free in any case; others stay', () => {
  assert.deepEqual(uniqueNames(['a', 'A', 'A_1', 'a', 'b', 'a']), {
    names: ['a', 'A', 'A_1', 'a_2', 'b', 'a_3'],
    renamed: ['a_2', 'a_3'],
  });
  assert.deepEqual(uniqueNames(['a\0', 'a\u2400', 'a\0']).names, ['a\u2400', 'a\u2400_1', 'a\u2400_2']);
});

test('200,000 equal names take linear time', () => {
  const { names } = uniqueNames(Array.from({ length: 200_000 }, () => 'x'));
  assert.equal(new Set(names).size, 200_000);
  assert.equal(names.at(-1), 'x_199999');
});
