// Compares queues: what happens to a waiting task when it is cancelled or replaced by a newer task?
import { setTimeout } from 'node:timers/promises';
import { load } from './alternatives.mjs';

const { default: PQueue } = await load('p-queue');
const { default: pLimit } = await load('p-limit');
const { Mutex } = await load('async-mutex');

async function stateOf(promise) {
  let state = 'still pending';
  promise.then(
    () => (state = 'done'),
    (error) => (state = `rejected: ${error.message}`),
  );
  await setTimeout(200);
  return state;
}

const queue = new PQueue({ concurrency: 1 });
void queue.add(() => setTimeout(50));
const aborted = queue.add(() => undefined, { signal: AbortSignal.timeout(10) });
console.log('p-queue, signal of one task:', await stateOf(aborted));

void queue.add(() => setTimeout(50));
const cleared = queue.add(() => undefined);
queue.clear();
console.log('p-queue, clear():', await stateOf(cleared));

const limit = pLimit(1);
void limit(() => setTimeout(50));
const limited = limit(() => undefined);
limit.clearQueue();
console.log('p-limit, clearQueue():', await stateOf(limited));

const mutex = new Mutex();
await mutex.acquire();
const waiting = mutex.runExclusive(() => undefined);
mutex.cancel();
console.log('async-mutex, cancel():', await stateOf(waiting));
