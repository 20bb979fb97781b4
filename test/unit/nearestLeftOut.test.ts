import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearestLeftOut } from '../../src/core/sampling/userHistories.ts';

test('left-out steps nearest to the cut-off: at most 30 on each side, none of the history', () => {
  assert.deepEqual(nearestLeftOut({ steps: [1, 3], visible: 5 }, 7), [0, 2, 4, 5, 6]);
  assert.deepEqual(nearestLeftOut({ steps: [], visible: 0 }, 0), []);
  const far = nearestLeftOut({ steps: [99], visible: 100 }, 200);
  assert.deepEqual([far[0], far[29], far[30], far.length], [69, 98, 100, 60]);
});
