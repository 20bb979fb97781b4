import type { DatasetRef } from '../../protocol/datasetRef.ts';
import type { Tables } from './tables.ts';

/**
 * Before the rules ask, the files of the config are looked at, and a rule may think between two questions. On a busy
 * machine, both take seconds. Another audit and an export close the tables earlier; previews and samples do not.
 */
const KEPT_MILLISECONDS = 10_000;

/**
 * The data sets of the last audit with its counts, which stay open for the questions of the rules, whatever their size. The
 * caller asks one question at a time.
 */
export class CountedTables {
  #tables: Tables | null = null;
  #timer: NodeJS.Timeout | undefined;
  #closing: Promise<unknown> = Promise.resolve();
  /** Questions that are being answered, perhaps without these tables. */
  #held = 0;

  /** Takes the place of the tables of an earlier audit. */
  async keep(tables: Tables): Promise<void> {
    await this.close();
    this.#tables = tables;
    this.#rest();
  }

  /** The data sets under the names of the references, if all of them are open in their present state. */
  async as(refs: readonly DatasetRef[]): Promise<Tables | null> {
    return (await this.#tables?.as(refs)) ?? null;
  }

  /** Keeps the tables open until the task has ended. */
  async during<T>(task: () => Promise<T>): Promise<T> {
    this.#held++;
    clearTimeout(this.#timer);
    try {
      return await task();
    } finally {
      this.#held--;
      this.#rest();
    }
  }

  #rest(): void {
    clearTimeout(this.#timer);
    if (this.#held > 0 || !this.#tables) return;
    this.#timer = setTimeout(() => void this.close(), KEPT_MILLISECONDS).unref();
  }

  /** Resolves when the tables are closed. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    const tables = this.#tables;
    this.#tables = null;
    // A temporary folder that cannot be removed must not fail a question: the engine removes it when it ends.
    this.#closing = Promise.all([this.#closing, tables?.close().catch(() => undefined)]);
    await this.#closing;
  }
}
