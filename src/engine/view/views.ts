import type { Progress } from '../../protocol/engine.ts';
import { message } from '../../core/message/message.ts';
import { isFiltered, viewKey, type View } from '../../core/table/filter.ts';
import type { Connections, Work } from '../database/connections.ts';
import { numberIn } from '../database/numberIn.ts';
import { SharedJob } from '../../core/queue/sharedJob.ts';
import type { Source } from '../source/source.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { isGrouped, viewSql } from './order.ts';

/** Number of cached views: a user switches between few. */
const MAX_VIEWS = 6;

/** True for all rows in the order of the file, which needs no computation. */
export function isWhole(view: View): boolean {
  return view.sort.length === 0 && !isFiltered(view.filter) && !isGrouped(view);
}

interface Entry {
  readonly table: string;
  readonly rows: SharedJob<number, Progress>;
}

/** The rows of filtered or sorted views: one table per view, with source row numbers in order. */
export class Views {
  readonly #entries = new Map<string, Entry>();
  #serial = 0;

  constructor(
    private readonly connections: Connections,
    private readonly source: Source,
  ) {}

  /** Number of rows of a view if its table exists, else null. */
  known(view: View): number | null {
    return this.#entries.get(viewKey(view))?.rows.value ?? null;
  }

  /** Builds the table of a view. False if that failed; a later request for the rows reports the reason. */
  async start(view: View): Promise<boolean> {
    const { rows } = this.#entry(view);
    await rows.ended();
    return rows.value !== null;
  }

  /** Waits for the table of a view and returns its number of rows. */
  async rows(view: View, work: Work): Promise<number> {
    const entry = this.#entry(view);
    try {
      return await entry.rows.wait(work);
    } finally {
      // The caller cancelled and there is no other waiter, so stop the work.
      if (entry.rows.waiting === 0 && entry.rows.value === null && work.signal?.aborted)
        this.#drop(viewKey(view), entry);
    }
  }

  /** Source row numbers at positions first … first+count−1 of a view, in its order. */
  async positions(view: View, first: number, count: number, work: Work): Promise<number[]> {
    await this.rows(view, work);
    const { table } = this.#entry(view);
    // A scan from `first` that ends at the limit. With two bounds and an order, DuckDB reads to the end of the table.
    const rows = await this.connections.rows(`SELECT r FROM ${table} WHERE rowid >= ${first} LIMIT ${count}`, work);
    return rows.map((row) => Number(row[0]));
  }

  #entry(view: View): Entry {
    const key = viewKey(view);
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known;
    }
    const table = `"@view${++this.#serial}"`;
    const entry: Entry = { table, rows: new SharedJob((work) => this.#build(view, table, work)) };
    this.#entries.set(key, entry);
    void entry.rows
      .ended()
      .then(() => entry.rows.value === null && this.#entries.get(key) === entry && this.#entries.delete(key));
    for (const [oldKey, old] of this.#entries) {
      if (this.#entries.size <= MAX_VIEWS) break;
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

  async #build(view: View, table: string, work: Work): Promise<number> {
    const { columns, rows } = await this.source.settle(work);
    const sql = viewSql(view, columns, this.source.rowColumn);
    const row = quoteIdentifier(this.source.rowColumn);
    const type = (rows ?? 0) < 2 ** 31 ? 'INTEGER' : 'BIGINT';
    const text = isGrouped(view)
      ? message('Grouping rows')
      : view.sort.length > 0
        ? message('Sorting')
        : message('Filtering');
    const [made] = await this.connections.long(
      `CREATE TABLE ${table} AS SELECT CAST(${row} AS ${type}) AS r FROM ${this.source.relation()} WHERE ${sql.where} ${sql.orderBy}`,
      text,
      work,
    );
    return numberIn(made);
  }
}
