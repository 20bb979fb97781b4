import { message } from '../../core/message/message.ts';
import { valueAt } from '../../core/valueAt.ts';
import type { Work } from '../database/connections.ts';
import { fixedWidth, type FixedWidth } from '../database/fixedWidth.ts';
import type { NestedColumn, NestedValues } from '../database/nestedAppender.ts';
import { fixedRowValues, type RowValues } from '../database/rowValues.ts';
import type { UserRange } from '../groups/userRanges.ts';
import { storedLog } from '../inputs/storedTables.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import type { Tables } from '../tables/tables.ts';
import { logList, type CopiedList } from './drawnLists.ts';
import type { LogColumn, OutputColumn } from './layouts.ts';

interface LogListOf {
  readonly list: CopiedList;
  readonly source: LogColumn;
  readonly kind: NestedColumn['kind'];
  readonly width: FixedWidth;
}

/**
 * Values of the stored log as lists of the drawn groups, if they have a fixed width. The rows of a block are next to
 * each other. After a join by row number, the rows of every part would have to be sorted again.
 */
export class LogLists {
  private constructor(
    private readonly tables: Tables,
    private readonly lists: ReadonlyMap<string, LogListOf>,
  ) {}

  /** Null if no column has such values. */
  static async of(tables: Tables, columns: readonly OutputColumn[], work: Work): Promise<LogLists | null> {
    if (!columns.some(({ ofLog }) => ofLog)) return null;
    const types = await tables.columns(`SELECT * FROM ${storedLog}`, work);
    const lists = columns.flatMap(({ name, ofLog }, k): [string, LogListOf][] => {
      const kind = types.find((type) => type.name === ofLog?.column)?.type;
      const width = kind ? fixedWidth(kind) : null;
      return ofLog && kind && width !== null ? [[name, { list: logList(k), source: ofLog, kind, width }]] : [];
    });
    return lists.length === 0 ? null : new LogLists(tables, new Map(lists));
  }

  /** The list of an output column; null if it is joined. */
  listOf({ name }: Pick<OutputColumn, 'name'>): CopiedList | null {
    return this.lists.get(name)?.list ?? null;
  }

  get kinds(): ReadonlyMap<string, NestedColumn['kind']> {
    return new Map([...this.lists.values()].map(({ list, kind }) => [list, kind]));
  }

  /** Reads the rows of a range of users. */
  async load({ firstShown, shown }: UserRange, { signal }: Work): Promise<LogValues> {
    const lists = [...this.lists.values()];
    const end = firstShown + shown.reduce((sum, rows) => sum + rows, 0);
    const rows = await this.tables.columnar(
      `SELECT ${lists.map(({ source }) => quoteIdentifier(source.column)).join(', ')} FROM ${storedLog} WHERE rowid >= ${firstShown} AND rowid < ${end}`,
      message('Reading the rows of the users'),
      { signal },
    );
    return new LogValues(
      firstShown,
      lists,
      lists.map(({ width }, k) => fixedRowValues(rows.fixed(k, width), width)),
    );
  }
}

/** The values of a range of users. */
export class LogValues {
  constructor(
    private readonly firstRow: number,
    private readonly lists: readonly LogListOf[],
    private readonly values: readonly RowValues[],
  ) {}

  has(side: LogColumn['side']): boolean {
    return this.lists.some(({ source }) => source.side === side);
  }

  /** @param rows numbers in the stored log, -1 without one, of the rows of a batch */
  of(rows: Readonly<Record<LogColumn['side'], Int32Array | null>>): Readonly<Record<string, NestedValues>> {
    const local = (side: LogColumn['side']): Int32Array =>
      (rows[side] ?? new Int32Array()).map((row) => (row < 0 ? row : row - this.firstRow));
    const numbers = { exposure: local('exposure'), context: local('context') };
    return Object.fromEntries(
      this.lists.map(({ list, source }, k) => [list, valueAt(this.values, k)(numbers[source.side])]),
    );
  }
}
