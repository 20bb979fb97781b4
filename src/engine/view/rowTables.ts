import type { Message } from '../../core/message/message.ts';
import { SharedJob } from '../../core/queue/sharedJob.ts';
import type { Progress } from '../../protocol/engine.ts';
import type { Connections, Work } from '../database/connections.ts';
import { numberIn } from '../database/numberIn.ts';
import type { Source, SourceState } from '../source/source.ts';
import { quoteIdentifier } from '../sql/quote.ts';

/** Rows of a source in some order. */
export interface RowList {
  /** Equal for equal lists. */
  readonly key: string;
  /** Progress text while the table is built. */
  readonly text: Message;
  /** SQL after `FROM relation`: joins, the condition and the order. */
  readonly rest: (state: SourceState) => string;
}

interface Entry {
  readonly table: string;
  readonly rows: SharedJob<number, Progress>;
}

/** Tables with the source row numbers of lists of rows, in order. The ones used last are kept. */
export class RowTables {
  readonly #entries = new Map<string, Entry>();
  #serial = 0;

  constructor(
    private readonly connections: Connections,
    private readonly source: Source,
    private readonly options: { readonly prefix: string; readonly most: number },
  ) {}

  /** Number of rows of a list if its table exists, else null. */
  known(key: string): number | null {
    return this.#entries.get(key)?.rows.value ?? null;
  }

  /** Builds the table of a list. False if that failed; a later request for the rows reports the reason. */
  async start(list: RowList): Promise<boolean> {
    const { rows } = this.#entry(list);
    await rows.ended();
    return rows.value !== null;
  }

  /** Waits for the table of a list and returns its number of rows. */
  async rows(list: RowList, work: Work): Promise<number> {
    const entry = this.#entry(list);
    try {
      return await entry.rows.wait(work);
    } finally {
      // The caller cancelled and there is no other waiter, so stop the work.
      if (entry.rows.waiting === 0 && entry.rows.value === null && work.signal?.aborted) this.#drop(list.key, entry);
    }
  }

  /** Source row numbers at positions first … first+count−1 of a list. */
  async positions(list: RowList, first: number, count: number, work: Work): Promise<number[]> {
    await this.rows(list, work);
    const { table } = this.#entry(list);
    // A scan from `first` that ends at the limit. With two bounds and an order, DuckDB reads to the end of the table.
    const rows = await this.connections.rows(`SELECT * FROM ${table} WHERE rowid >= ${first} LIMIT ${count}`, work);
    return rows.map((row) => Number(row[0]));
  }

  #entry(list: RowList): Entry {
    const { key } = list;
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known;
    }
    const table = `"@${this.options.prefix}${++this.#serial}"`;
    const entry: Entry = { table, rows: new SharedJob((work) => this.#build(list, table, work)) };
    this.#entries.set(key, entry);
    void entry.rows
      .ended()
      .then(() => entry.rows.value === null && this.#entries.get(key) === entry && this.#entries.delete(key));
    for (const [oldKey, old] of this.#entries) {
      if (this.#entries.size <= this.options.most) break;
      if (old.rows.waiting === 0 && old !== entry) this.#drop(oldKey, old);
    }
    return entry;
  }

  #drop(key: string, entry: Entry): void {
    this.#entries.delete(key);
    entry.rows.abort();
    void entry.rows
      .ended()
      .then(() => this.connections.rows(`DROP TABLE IF EXISTS ${entry.table}`))
      .catch(() => undefined);
  }

  async #build({ rest, text }: RowList, table: string, work: Work): Promise<number> {
    const state = await this.source.settle(work);
    const row = quoteIdentifier(this.source.rowColumn);
    const type = (state.rows ?? 0) < 2 ** 31 ? 'INTEGER' : 'BIGINT';
    // In ORDER BY, the name of a result hides a column of the file. No column has the name of the row number.
    const [made] = await this.connections.long(
      `CREATE TABLE ${table} AS SELECT CAST(${row} AS ${type}) AS ${row} FROM ${this.source.relation()} ${rest(state)}`,
      text,
      work,
    );
    return numberIn(made);
  }
}
