import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whenAborted } from '../../src/core/queue/whenAborted.ts';

test('it resolves for a signal that is already aborted, as for one that aborts later', async () => {
  await whenAborted(AbortSignal.abort());
  const controller = new AbortController();
  let isAborted = false;
  const aborted = whenAborted(controller.signal).then(() => {
    isAborted = true;
  });
  await Promise.resolve();
  assert.equal(isAborted, false);
  controller.abort();
  await aborted;
});
