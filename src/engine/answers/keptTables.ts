import type { DatasetRef } from '../../protocol/datasetRef.ts';
import type { Tables } from './tables.ts';

/**
 * Largest size of data sets that stay open. To open small ones takes longer than to count their rows. Large ones are
 * counted for longer than they are opened, and the memory of an open DuckDB grows with what it has read.
 */
const MOST_BYTES = 32e6;
/** The least recently used ones are closed first. */
const MOST_KEPT = 4;
/** The questions of one lint follow each other at once. */
const KEPT_MILLISECONDS = 1_000;

type Keepable = Pick<Tables, 'refs' | 'bytes' | 'isCurrent' | 'close'>;

interface Kept<T> {
  readonly keys: ReadonlySet<string>;
  readonly tables: T;
}

/** Small data sets of recent questions, which stay open for the next one. The caller asks one question at a time. */
export class KeptTables<T extends Keepable = Tables> {
  #kept: Kept<T>[] = [];
  #timer: NodeJS.Timeout | undefined;
  #closing: Promise<unknown> = Promise.resolve();

  /**
   * Takes data sets that are open, in the state in which a new opening would find them. The caller keeps or closes them.
   */
  async take(refs: readonly DatasetRef[]): Promise<T | null> {
    this.#pause();
    const keys = refs.map(keyOf);
    const found = this.#kept.find((one) => keys.every((key) => one.keys.has(key)));
    if (!found) return null;
    this.#kept = this.#kept.filter((one) => one !== found);
    if (await found.tables.isCurrent()) return found.tables;
    await found.tables.close();
    return null;
  }

  /** Keeps data sets open for a second, or closes them if they are large. */
  async keep(tables: T): Promise<void> {
    this.#pause();
    if (tables.bytes > MOST_BYTES) await tables.close();
    else this.#kept.unshift({ keys: new Set(tables.refs.map(keyOf)), tables });
    for (const { tables: old } of this.#kept.splice(MOST_KEPT)) await old.close();
    this.#timer = setTimeout(() => void this.closeAll(), KEPT_MILLISECONDS).unref();
  }

  /** Resolves when none is open. */
  async closeAll(): Promise<void> {
    this.#pause();
    const kept = this.#kept.splice(0);
    this.#closing = Promise.all([this.#closing, ...kept.map(async ({ tables }) => await tables.close())]);
    await this.#closing;
  }

  #pause(): void {
    clearTimeout(this.#timer);
  }
}

/** All that decides which files are opened, and how. */
function keyOf({ id, path, within, fingerprint, columns }: DatasetRef): string {
  return JSON.stringify([id, path, within, fingerprint, columns]);
}
