import type { Work } from './work.ts';

/**
 * Work that runs in the background and is awaited later. It is cancelled by `stop`, or together with the work it
 * belongs to.
 */
export class BackgroundTask<T, P> {
  readonly #abort = new AbortController();
  readonly #result: Promise<T>;
  #progress: Work<P>['progress'];

  constructor({ signal }: Pick<Work<P>, 'signal'>, start: (work: Work<P>) => Promise<T>) {
    this.#result = start({
      signal: signal ? AbortSignal.any([signal, this.#abort.signal]) : this.#abort.signal,
      progress: (p) => this.#progress?.(p),
    });
    // Mark as handled; the awaiter still sees the rejection.
    this.#result.catch(() => undefined);
  }

  /** Waits for the result. From now on the progress of this task is reported; until now, that of the other work was. */
  async result({ progress }: Pick<Work<P>, 'progress'>): Promise<T> {
    this.#progress = progress;
    return await this.#result;
  }

  /** Cancels the task and waits until it has ended. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#result.catch(() => undefined);
  }
}
