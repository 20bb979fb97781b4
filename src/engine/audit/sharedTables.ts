import type { Message } from '../../core/message/message.ts';
import type { Tables } from '../tables/tables.ts';
import type { Work } from '../database/connections.ts';

/**
 * Tables of queries. Each is kept until its last reader has left it, because the pairs of a log may take much memory.
 * `close` drops those that are left, because other questions ask the same database.
 */
export class SharedTables {
  readonly #readers = new Map<string, number>();
  readonly #tables = new Map<string, string>();
  #made = 0;

  /** @param selects the queries of all readers; equal ones share a table */
  constructor(
    private readonly tables: Tables,
    private readonly label: Message,
    selects: readonly string[],
  ) {
    for (const select of selects) this.#readers.set(select, (this.#readers.get(select) ?? 0) + 1);
  }

  /** The table of a query. */
  async use(select: string, work: Work): Promise<string> {
    const known = this.#tables.get(select);
    if (known !== undefined) return known;
    const table = `"shared ${this.#made++}"`;
    this.#tables.set(select, table);
    await this.tables.statement(`CREATE TABLE ${table} AS ${select}`, this.label, work);
    return table;
  }

  /** A reader of the query does not need its table any more. */
  async leave(select: string): Promise<void> {
    const left = (this.#readers.get(select) ?? 0) - 1;
    this.#readers.set(select, left);
    if (left <= 0) await this.#drop(select);
  }

  /** Also after an error, which must not be hidden by that of a table which was not made. */
  async close(): Promise<void> {
    for (const select of [...this.#tables.keys()]) await this.#drop(select);
  }

  async #drop(select: string): Promise<void> {
    const table = this.#tables.get(select);
    if (table === undefined) return;
    this.#tables.delete(select);
    await this.tables.run(`DROP TABLE IF EXISTS ${table}`, {});
  }
}
