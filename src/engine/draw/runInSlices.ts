import { performance } from 'node:perf_hooks';
import { message } from '../../core/message/message.ts';
import { cancelled } from '../../core/queue/cancelled.ts';
import type { Work } from '../database/connections.ts';

/** Milliseconds after which other tasks may run, such as a cancellation or another request. */
const MILLISECONDS = 15;

/**
 * Runs `total` steps to their end, and lets other tasks run in between.
 * @throws FailureError `cancelled`
 */
export async function runInSlices<T>(
  steps: Generator<number, T, void>,
  total: number,
  { signal, progress }: Work,
): Promise<T> {
  let since = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - since < MILLISECONDS) continue;
    progress?.({ fraction: total === 0 ? null : step.value / total, message: message('Drawing') });
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    if (signal?.aborted) throw cancelled();
    since = performance.now();
  }
}
