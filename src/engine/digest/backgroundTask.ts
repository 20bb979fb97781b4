import type { Work } from '../database/connections.ts';

/** Work that goes on beside other work, to be waited for later. It is cancelled with the work it belongs to, or by itself. */
export class BackgroundTask<T> {
  readonly #abort = new AbortController();
  readonly #result: Promise<T>;
  #progress: Work['progress'];

  constructor({ signal }: Pick<Work, 'signal'>, start: (work: Work) => Promise<T>) {
    this.#result = start({
      signal: signal ? AbortSignal.any([signal, this.#abort.signal]) : this.#abort.signal,
      progress: (p) => this.#progress?.(p),
    });
    // A failure belongs to who waits for it, which may be nobody.
    this.#result.catch(() => undefined);
  }

  /** Waits for it. Its progress is told from now on: before, that of the other work is. */
  async result({ progress }: Pick<Work, 'progress'>): Promise<T> {
    this.#progress = progress;
    return await this.#result;
  }

  /** Ends it, and waits until nothing of it goes on. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#result.catch(() => undefined);
  }
}
