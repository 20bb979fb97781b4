import { compareTexts } from '../../core/sampling/compareTexts.ts';
import type { Tables } from '../tables/tables.ts';
import type { Work } from '../database/connections.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import type { FileOrder } from './fileOrder.ts';
import { noneDrawn, type DrawnPart } from './drawnTable.ts';
import { daysOf } from './groupBuffer.ts';
import type { OutputColumn } from './layouts.ts';
import type { OutputRows, RowsPart } from './outputRows.ts';
import type { Ordered, SampleBuffer } from './sampleBuffer.ts';
import { dayColumn, descending, orderColumn } from './placedColumns.ts';
import { rowsParts } from './rowsParts.ts';
import { sortTables } from './sortTables.ts';

const placedRows = '"placed rows"';
/** Bytes of a cell while rows are sorted. */
const CELL_BYTES = 12;

/** The columns of rows that leave their groups. */
export interface RowColumns {
  readonly columns: readonly Pick<OutputColumn, 'name'>[];
  readonly hidden: readonly Pick<OutputColumn, 'name'>[];
}

/** Rows that leave their groups: with `order: shuffled_rows`. They are stored as they are written, then sorted. */
export class RowBuffer implements SampleBuffer {
  readonly #stored: string[] = [];
  #count = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(
    private readonly tables: Tables,
    private readonly rows: OutputRows,
    private readonly columns: RowColumns,
    private readonly fileOrder: FileOrder,
    private readonly most: number | undefined,
    private readonly work: Work,
  ) {}

  /** Stores the rows while more rows are drawn. */
  async add(part: DrawnPart): Promise<void> {
    await this.#last;
    this.#last = this.#store(part);
    // Mark as handled; the awaiter still sees the rejection.
    this.#last.catch(() => undefined);
  }

  async ordered(): Promise<Ordered> {
    await this.#last;
    await this.#sort();
    const shown = this.columns.columns.map(({ name }) => quoteIdentifier(name)).join(', ');
    const rows: OutputRows = {
      layout: 'long',
      columns: this.columns.columns.length,
      joined: false,
      logLists: [],
      hasCopies: false,
      sql: (part) => `SELECT ${shown} FROM ${placedRows}${condition(part)}`,
    };
    const hasDays = this.columns.hidden.some(({ name }) => name === dayColumn);
    return {
      rows,
      parts: this.#count === 0 ? [] : [{ table: placedRows, groups: this.#count, rows: this.#count, origins: [0, -1] }],
      days: hasDays
        ? await daysOf(this.tables, placedRows, quoteIdentifier(dayColumn), this.work)
        : [{ day: null, count: this.#count }],
      rowsIn: (_, [first, last]) => Promise.resolve(last - first + 1),
    };
  }

  async stop(): Promise<void> {
    await this.#last.catch(() => undefined);
  }

  async #store(part: DrawnPart): Promise<void> {
    const { tables, rows, most, work } = this;
    for (const one of await rowsParts(tables, rows, part, most, work)) {
      const name = quoteIdentifier(`sample rows ${this.#stored.length}`);
      await tables.run(`CREATE TABLE ${name} AS ${rows.sql(one)}`, work);
      this.#stored.push(name);
    }
    this.#count += part.rows;
    await tables.run(`DROP TABLE ${part.table}`, work);
  }

  /**
   * Only exposures with equal keys can be equal in all hidden columns. Then all columns decide, in the order of their
   * names.
   */
  async #sort(): Promise<void> {
    const { tables, rows, columns, fileOrder, work } = this;
    const further = fileOrder.repeats ? columns.columns.map(({ name }) => name).sort(compareTexts) : [];
    const keys = [...columns.hidden.map(({ name }) => name), ...further].map(
      (name) => `${quoteIdentifier(name)} ${descending.has(name) ? 'DESC' : 'ASC'} NULLS FIRST`,
    );
    if (this.#stored.length === 0) {
      await tables.run(`CREATE TABLE ${placedRows} AS ${rows.sql(null)}`, work);
      return;
    }
    const hasDays = columns.hidden.some(({ name }) => name === dayColumn);
    const rowBytes = CELL_BYTES * (columns.columns.length + columns.hidden.length);
    await sortTables(
      tables,
      {
        sources: this.#stored,
        target: placedRows,
        keys,
        day: hasDays ? quoteIdentifier(dayColumn) : null,
        spread: quoteIdentifier(orderColumn),
        bytes: this.#count * rowBytes,
        mostBytes: this.most === undefined ? undefined : this.most * rowBytes,
      },
      work,
    );
  }
}

function condition(part: RowsPart | null): string {
  if (part === null || part.table === noneDrawn) return ' WHERE false';
  return part.groups === null ? '' : ` WHERE rowid BETWEEN ${part.groups[0]} AND ${part.groups[1]}`;
}
