import { cancelled, type Work } from './database/connections.ts';

/** Tasks that run one after the other. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs a task when those before it have ended, well or not. One that was cancelled while it waited does not begin. */
  async run<T>(work: Work, task: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(async () => {
      if (work.signal?.aborted) throw cancelled();
      return await task();
    });
    this.#last = turn.catch(() => undefined);
    return await turn;
  }

  /** The end of all tasks so far. */
  async ended(): Promise<void> {
    await this.#last;
  }
}
