import { cancelled, type Work } from './connections.ts';

/** A long job that several callers may wait for. Each may leave without ending it for the others. */
export class Shared<T> {
  readonly #listeners = new Set<NonNullable<Work['progress']>>();
  readonly #abort = new AbortController();
  readonly #result: Promise<T>;
  #waiting = 0;
  /** The result once it is there. */
  value: T | null = null;

  constructor(job: (work: Work) => Promise<T>) {
    this.#result = job({ signal: this.#abort.signal, progress: (p) => this.#listeners.forEach((listen) => listen(p)) });
    this.#result.then(
      (value) => (this.value = value),
      () => undefined,
    );
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Ends the job; whoever waits gets `cancelled`. */
  abort(): void {
    this.#abort.abort();
  }

  /** The end of the job, good or bad, whoever waits. */
  async ended(): Promise<void> {
    await this.#result.then(
      () => undefined,
      () => undefined,
    );
  }

  /** The result; rejects at once when the caller's signal aborts. */
  async wait({ signal, progress }: Work): Promise<T> {
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
