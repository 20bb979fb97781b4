import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { inLanes } from '../../src/engine/audit/inLanes.ts';

suite('tasks in lanes', () => {
  test('start in their order, and never more of them at the same time than there are lanes', async () => {
    const started: number[] = [];
    let [running, most] = [0, 0];
    await inLanes([3, 1, 2, 0], 2, undefined, async (turns) => {
      started.push(turns);
      most = Math.max(most, ++running);
      for (let k = 0; k < turns; k++) await setImmediate();
      running--;
    });
    assert.deepEqual(started, [3, 1, 2, 0]);
    assert.equal(most, 2);
    assert.equal(running, 0);
  });

  test('may be undefined', async () => {
    const started: unknown[] = [];
    await inLanes([undefined, 1, null, undefined], 2, undefined, async (task) => {
      await setImmediate();
      started.push(task);
    });
    assert.deepEqual(started, [undefined, 1, null, undefined]);
  });

  test('after a failure, the others are stopped, no other starts, and the failure is thrown when all have ended', async () => {
    const events: string[] = [];
    const run = async (task: string, signal: AbortSignal): Promise<void> => {
      events.push(`${task} starts`);
      if (task === 'fails') throw new Error('first');
      while (!signal.aborted) await setImmediate();
      await setImmediate();
      events.push(`${task} ends`);
      throw new Error('second');
    };
    await assert.rejects(inLanes(['long', 'fails', 'never'], 2, undefined, run), { message: 'first' });
    assert.deepEqual(events, ['long starts', 'fails starts', 'long ends']);
  });

  test('stop with the signal of the caller', async () => {
    const abort = new AbortController();
    const stopped = inLanes([0, 1], 2, abort.signal, async (_, signal) => {
      while (!signal.aborted) await setImmediate();
      signal.throwIfAborted();
    });
    abort.abort();
    await assert.rejects(stopped, { name: 'AbortError' });
  });
});
