import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';

/** Maximum milliseconds of work without a break. Signals, cancellation and other requests wait this long. */
const MAX_WORK_MS = 15;

/** Lets other work run during long work. Short work, such as the lint of a usual config, is not interrupted. */
export class YieldTimer {
  #since = performance.now();

  constructor(private readonly signal: AbortSignal | undefined) {}

  /** Yields to other work if the last break was long enough ago. @throws FailureError `cancelled` */
  async yieldIfDue(): Promise<void> {
    if (performance.now() - this.#since >= MAX_WORK_MS) {
      await setImmediate();
      this.#since = performance.now();
    }
    if (this.signal?.aborted === true) throw fail('cancelled', message('Cancelled'));
  }

  /** Runs steps to their end. @throws FailureError `cancelled` */
  async runSteps<T>(steps: Iterator<void, T, void>): Promise<T> {
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      await this.yieldIfDue();
    }
  }
}
