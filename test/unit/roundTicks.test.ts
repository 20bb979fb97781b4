import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineLayout } from '../../src/core/report/lineLayout.ts';
import { decadeTicks, roundTicks } from '../../src/core/report/roundTicks.ts';
import { rowsFilter } from '../../src/core/table/rowsFilter.ts';

test('round ticks', () => {
  assert.deepEqual(roundTicks(0, 1, 4), [0, 0.25, 0.5, 0.75, 1]);
  assert.deepEqual(roundTicks(0, 0.93, 3), [0, 0.5]);
  assert.deepEqual(roundTicks(-3, 7.2, 5), [-2.5, 0, 2.5, 5]);
  assert.deepEqual(roundTicks(0, 3, 5, true), [0, 1, 2, 3]);
  assert.deepEqual(roundTicks(5, 5, 4), [5]);
  assert.deepEqual(decadeTicks(0.002, 30, 4), [0.01, 0.1, 1, 10]);
  assert.deepEqual(decadeTicks(1e-5, 1, 4), [1e-4, 0.01, 1]);
});

test('an axis is logarithmic from two decades on, and the y axis ends at a round value', () => {
  const frame = { width: 400, height: 100, top: 0, right: 0, bottom: 0, left: 0 };
  const of = (x: readonly number[], values: readonly number[]) => lineLayout(x, [{ label: 'a', values }], frame);
  assert.deepEqual(
    of([1, 99], [0, 7]).xTicks.map(({ value }) => value),
    [20, 40, 60, 80],
  );
  assert.deepEqual(
    of([1, 100], [0, 7]).xTicks.map(({ value, x, anchor }) => [value, Math.round(x), anchor]),
    [
      [1, 0, 'start'],
      [10, 200, 'middle'],
      [100, 400, 'end'],
    ],
  );
  assert.deepEqual(
    of([1, 2], [0, 7]).yTicks.map(({ value }) => value),
    [0, 2, 4, 6, 8],
  );
  assert.deepEqual(
    of([1, 2], [0, 0]).yTicks.map(({ value }) => value),
    [0, 0.25, 0.5, 0.75, 1],
  );
});

test('a filter of rows: conditions for one, an expression for several, none for unknown columns', () => {
  const columns = new Set(['user_id', 'a "b"']);
  assert.deepEqual(rowsFilter([{ user_id: '7' }], columns), {
    conditions: [{ column: 'user_id', op: '=', values: ['7'] }],
    expression: '',
  });
  assert.equal(
    rowsFilter([{ user_id: '7' }, { 'a "b"': "O'Hare" }], columns)?.expression,
    `(user_id = '7') or ("a ""b""" = 'O''Hare')`,
  );
  assert.equal(rowsFilter([{ other: '7' }], columns), null);
  assert.equal(rowsFilter([], columns), null);
});
