import { cancelled } from './cancelled.ts';
import type { Work } from './work.ts';

/** A queue that runs tasks one after the other. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Runs a task after all previous ones have ended, with or without success. A task that was cancelled while it waited
   * does not start.
   */
  async run<T>({ signal }: Pick<Work<never>, 'signal'>, task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(async () => {
      if (signal?.aborted) throw cancelled();
      return await task();
    });
    this.#last = result.catch(() => undefined);
    return await result;
  }

  /** Resolves when all tasks so far have ended. */
  async ended(): Promise<void> {
    await this.#last;
  }
}
