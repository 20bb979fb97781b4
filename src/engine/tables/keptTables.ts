import type { DatasetRef } from '../../protocol/datasetRef.ts';
import type { Tables } from './tables.ts';

/**
 * Largest size of data sets that stay open. To open small ones takes longer than to count their rows. Large ones are
 * counted for longer than they are opened, and the memory of an open DuckDB grows with what it has read.
 */
const MAX_BYTES = 32e6;
/** The least recently used ones are closed first. */
const MAX_KEPT = 4;
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
   * Takes data sets that are open, in the state in which a new opening would find them. The caller keeps or closes
   * them, and then calls `rest`.
   */
  async take(refs: readonly DatasetRef[]): Promise<T | null> {
    clearTimeout(this.#timer);
    const keys = refs.map(keyOf);
    const found = this.#kept.find((one) => keys.every((key) => one.keys.has(key)));
    if (!found) return null;
    this.#kept = this.#kept.filter((one) => one !== found);
    if (await found.tables.isCurrent()) return found.tables;
    await close(found.tables);
    return null;
  }

  /** Keeps data sets open, or closes them if they are large. */
  async keep(tables: T): Promise<void> {
    if (tables.bytes > MAX_BYTES) await close(tables);
    else this.#kept.unshift({ keys: new Set(tables.refs.map(keyOf)), tables });
    for (const { tables: old } of this.#kept.splice(MAX_KEPT)) await close(old);
  }

  /** Closes all in a second, unless a question comes before. */
  rest(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.closeAll(), KEPT_MILLISECONDS).unref();
  }

  /** Closes all data sets. Resolves when they are closed. */
  async closeAll(): Promise<void> {
    clearTimeout(this.#timer);
    const kept = this.#kept.splice(0);
    this.#closing = Promise.all([this.#closing, ...kept.map(async ({ tables }) => await close(tables))]);
    await this.#closing;
  }
}

/** A temporary folder that cannot be removed must not fail a question: the engine removes it when it ends. */
async function close(tables: Keepable): Promise<void> {
  await tables.close().catch(() => undefined);
}

/** All that decides which files are opened, and how. */
function keyOf({ id, path, within, format, fingerprint, columns }: DatasetRef): string {
  return JSON.stringify([id, path, within, format, fingerprint, columns]);
}
