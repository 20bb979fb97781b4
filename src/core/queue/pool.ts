import { cancelled } from './cancelled.ts';
import type { Work } from './work.ts';

/** Things that are lent to one task at a time. Tasks wait for a free one, first come, first served. */
export class Pool<T> {
  readonly #free: T[];
  readonly #waiting: { readonly give: (thing: T) => void; readonly end: () => void }[] = [];

  constructor(things: readonly T[]) {
    this.#free = [...things];
  }

  /** Lends a free thing, or the next one that is given back. @throws FailureError `cancelled` */
  async take({ signal }: Pick<Work<never>, 'signal'>): Promise<T> {
    if (signal?.aborted) throw cancelled();
    const free = this.#free.pop();
    if (free !== undefined) return free;
    return await new Promise((resolve, reject) => {
      const task = {
        give: (thing: T): void => {
          signal?.removeEventListener('abort', leave);
          resolve(thing);
        },
        end: (): void => {
          signal?.removeEventListener('abort', leave);
          reject(cancelled());
        },
      };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(task), 1);
        task.end();
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.push(task);
    });
  }

  /** Gives a lent thing back. */
  giveBack(thing: T): void {
    const next = this.#waiting.shift();
    if (next) next.give(thing);
    else this.#free.push(thing);
  }

  /** Cancels all waiting tasks and returns the free things, which are no longer lent. */
  drain(): T[] {
    for (const task of this.#waiting.splice(0)) task.end();
    return this.#free.splice(0);
  }
}
