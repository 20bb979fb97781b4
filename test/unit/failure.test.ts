import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureOf } from '../../src/core/message/failure.ts';

test('an aborted signal is a cancellation, any other error is internal', () => {
  const controller = new AbortController();
  controller.abort();
  assert.throws(
    () => controller.signal.throwIfAborted(),
    (error) => failureOf(error).code === 'cancelled',
  );
  assert.equal(failureOf(new DOMException('no', 'DataCloneError')).code, 'internal');
  assert.equal(failureOf(new Error('no')).code, 'internal');
});
