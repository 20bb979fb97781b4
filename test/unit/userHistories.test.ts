import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  historiesOfRows,
  nearestLeftOut,
  type ShownRow,
  type UserSteps,
} from '../../src/core/sampling/userHistories.ts';

test('left-out steps nearest to the cut-off: at most 30 on each side, none of the history', () => {
  assert.deepEqual(nearestLeftOut({ steps: [1, 3], visible: 5 }, 7), [0, 2, 4, 5, 6]);
  assert.deepEqual(nearestLeftOut({ steps: [], visible: 0 }, 0), []);
  const far = nearestLeftOut({ steps: [99], visible: 100 }, 200);
  assert.deepEqual([far[0], far[29], far[30], far.length], [69, 98, 100, 60]);
});

test('rows of a request have one history, with the reasons of the steps around it', () => {
  const times = [10, 20, 30, 40, 50, 60];
  const steps: UserSteps = {
    time: Float64Array.from(times),
    item: Uint32Array.from(times.keys()),
    items: times.map((time) => `i${time}`),
    requests: [null, null, null, null, 'r', null],
    values: [],
  };
  const row: ShownRow = { readTime: 50, cutOff: 40, request: 'r' };
  const rows = historiesOfRows(steps, { length: 2, lookback: null, session: null, dedup: 'none' }, [row, { ...row }]);
  let next = rows.next();
  while (next.done !== true) next = rows.next();
  const { history, steps: shown } = next.value;
  assert.deepEqual(history[0], history[1]);
  const items = (indices: readonly number[]) => indices.map((step) => shown[step]?.item);
  assert.deepEqual(items(history[0]?.steps ?? []), ['i20', 'i30']);
  assert.deepEqual(
    history[0]?.nearest.map(({ step, reason }) => [items([step])[0], reason]),
    [
      ['i10', 'length'],
      ['i40', 'afterCutOff'],
      ['i50', 'ownRequest'],
      ['i60', 'afterCutOff'],
    ],
  );
});
