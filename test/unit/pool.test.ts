import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FailureError } from '../../src/core/message/failure.ts';
import { Pool } from '../../src/core/queue/pool.ts';

const isCancelled = (error: unknown): boolean => error instanceof FailureError && error.failure.code === 'cancelled';

test('tasks wait for a free thing in their order', async () => {
  const pool = new Pool(['a', 'b']);
  const taken = await Promise.all([pool.take({}), pool.take({})]);
  assert.deepEqual([...taken].sort(), ['a', 'b']);
  const order: string[] = [];
  const first = pool.take({}).then((thing) => order.push(`first ${thing}`));
  const second = pool.take({}).then((thing) => order.push(`second ${thing}`));
  pool.giveBack('a');
  pool.giveBack('b');
  await Promise.all([first, second]);
  assert.deepEqual(order, ['first a', 'second b']);
});

test('a task that is cancelled while it waits takes nothing', async () => {
  const pool = new Pool(['a']);
  await pool.take({});
  const abort = new AbortController();
  const waiting = pool.take({ signal: abort.signal });
  const next = pool.take({});
  abort.abort();
  await assert.rejects(waiting, isCancelled);
  pool.giveBack('a');
  assert.equal(await next, 'a');
  await assert.rejects(pool.take({ signal: abort.signal }), isCancelled);
});

test('draining cancels the waiting tasks and returns what is free', async () => {
  const pool = new Pool(['a', 'b']);
  const lent = await pool.take({});
  assert.deepEqual(pool.drain(), lent === 'a' ? ['b'] : ['a']);
  const waiting = pool.take({});
  assert.deepEqual(pool.drain(), []);
  await assert.rejects(waiting, isCancelled);
});
