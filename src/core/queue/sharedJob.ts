import { cancelled } from './cancelled.ts';
import type { Work } from './work.ts';

/** A long job that several callers can wait for. A caller can stop waiting without ending the job for the others. */
export class SharedJob<T, P> {
  readonly #listeners = new Set<NonNullable<Work<P>['progress']>>();
  readonly #abort = new AbortController();
  readonly #result: Promise<T>;
  #waiting = 0;
  /** The result after success; null until then. */
  value: T | null = null;

  constructor(job: (work: Work<P>) => Promise<T>) {
    this.#result = job({ signal: this.#abort.signal, progress: (p) => this.#listeners.forEach((listen) => listen(p)) });
    this.#result.then(
      (value) => (this.value = value),
      () => undefined,
    );
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Cancels the job. All waiting callers get `cancelled`. */
  abort(): void {
    this.#abort.abort();
  }

  /** Resolves when the job ends, with or without success. */
  async ended(): Promise<void> {
    await this.#result.then(
      () => undefined,
      () => undefined,
    );
  }

  /** The result. Rejects at once when the caller's signal aborts. */
  async wait({ signal, progress }: Work<P>): Promise<T> {
    let leave: () => void = () => undefined;
    const left = new Promise<never>((_, reject) => {
      leave = () => reject(cancelled());
      signal?.addEventListener('abort', leave, { once: true });
      if (signal?.aborted) leave();
    });
    left.catch(() => undefined);
    if (progress) this.#listeners.add(progress);
    this.#waiting++;
    try {
      return await Promise.race([this.#result, left]);
    } finally {
      signal?.removeEventListener('abort', leave);
      if (progress) this.#listeners.delete(progress);
      this.#waiting--;
    }
  }
}
