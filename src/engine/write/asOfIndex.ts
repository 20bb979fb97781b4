import { DuckDBTypeId } from '@duckdb/node-api';
import { type PassedColumn, isAsOf } from '../../core/data/passThrough.ts';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { DrawnRows } from '../../core/sampling/kernel/rowCounts.ts';
import type { Groups } from '../../core/sampling/world/world.ts';
import { formatBytes, formatCount } from '../../core/table/format.ts';
import { f64At, u32At } from '../../core/valueAt.ts';
import type { Tables } from '../tables/tables.ts';
import type { Work } from '../database/connections.ts';
import { fixedWidth, type FixedWidth } from '../database/fixedWidth.ts';
import type { NestedColumn, NestedValues } from '../database/nestedAppender.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { asOfList, type CopiedList } from './drawnLists.ts';
import { fixedRowValues, textRowValues, type RowValues } from '../database/rowValues.ts';
import { carriedColumn } from '../inputs/columnNames.ts';
import { asOfRows } from './carriedTables.ts';

/** Bytes per row of the index: its time, and its item number while the index is built. */
const ROW_BYTES = 12;
/** Bytes per text besides its characters: its number and a map entry, twice while it is read. */
const TEXT_BYTES = 40;

/** An as-of column whose values are lists of the drawn groups. */
interface Loaded {
  readonly passed: PassedColumn;
  readonly list: CopiedList;
  readonly kind: NestedColumn['kind'];
  readonly values: RowValues;
}

/**
 * Finds rows of the table `asOfRows` by item and time, and their values. A binary search for each drawn row costs less
 * than a join that sorts the table for every part of the file. Values in memory cost less than a join by row number,
 * after which the rows of every part must be sorted again.
 */
export class AsOfIndex {
  private constructor(
    private readonly offsets: Uint32Array,
    private readonly times: Float64Array,
    private readonly loaded: readonly Loaded[],
    /** True if some columns did not fit into memory, so that they are joined by the list `as_of`. */
    private readonly isJoined: boolean,
  ) {}

  /**
   * Loads the times, and the columns of numbers, times and texts that fit into half of the memory limit. Other columns
   * stay in the table.
   * @param passed all copied columns
   * @param items number of all items
   * @throws FailureError if the times do not fit into half of the memory limit
   */
  static async load(
    tables: Tables,
    passed: readonly PassedColumn[],
    items: number,
    { signal }: Work,
  ): Promise<AsOfIndex> {
    const work: Work = { signal };
    const columns = passed.filter(isAsOf);
    const types = new Map(
      (await tables.columns(`SELECT * FROM ${asOfRows}`, work)).map(({ name, type }) => [name, type]),
    );
    const requested = columns.map((column, k) => {
      const type = types.get(carriedColumn(column.column));
      const width = type ? fixedWidth(type) : null;
      const isText = type?.typeId === DuckDBTypeId.VARCHAR && type.alias === undefined;
      return { column, type, width, isText, name: quoteIdentifier(carriedColumn(column.column)), list: asOfList(k) };
    });
    // NULL for a column that contains the character NUL: the appender would cut its texts there, so it is joined.
    const [[count, ...texts] = []] = await tables.rows(
      `SELECT ${['count(*)', ...requested.map(({ name, isText }) => (isText ? `CASE WHEN coalesce(bool_or(contains(${name}, chr(0))), false) THEN NULL ELSE CAST(coalesce(sum(strlen(${name})), 0) AS DOUBLE) END` : 'NULL'))].join(', ')} FROM ${asOfRows}`,
      work,
    );
    const rows = Number(count ?? 0);
    const limit = tables.memoryBytes / 2;
    let bytes = rows * ROW_BYTES;
    if (bytes > limit)
      throw fail(
        'out-of-memory',
        message(
          'The as-of columns need {0} of memory for {1} times of items, but the limit is {2}',
          formatBytes(bytes),
          formatCount(rows),
          formatBytes(limit),
        ),
        { advice: message('Raise the memory limit with --memory, or choose fewer days.') },
      );
    const fitting = requested.filter(({ width, isText }, k) => {
      const text = texts[k] ?? null;
      const needed =
        width !== null ? 2 * rows * (width + 1) : isText && text !== null ? rows * TEXT_BYTES + 2 * Number(text) : NaN;
      if (!(bytes + needed <= limit)) return false;
      bytes += needed;
      return true;
    });
    const names = [...new Set(fitting.map(({ name }) => name))];
    const index = await tables.columnar(
      `SELECT ${['number', 'us', ...names].join(', ')} FROM ${asOfRows} ORDER BY rowid`,
      message('Reading the log'),
      work,
    );
    const numbers = index.unsigned(0);
    const offsets = new Uint32Array(items + 1);
    for (const number of numbers) offsets[number + 1] = u32At(offsets, number + 1) + 1;
    for (let item = 0; item < items; item++) offsets[item + 1] = u32At(offsets, item + 1) + u32At(offsets, item);
    const read = new Map<string, RowValues>();
    const valuesOf = (name: string, width: FixedWidth | null): RowValues => {
      const column = 2 + names.indexOf(name);
      const values =
        read.get(name) ??
        (width === null ? textRowValues(index.texts(column)) : fixedRowValues(index.fixed(column, width), width));
      read.set(name, values);
      return values;
    };
    const loaded = fitting.flatMap(({ column, type, width, name, list }): Loaded[] =>
      type ? [{ passed: column, list, kind: type, values: valuesOf(name, width) }] : [],
    );
    return new AsOfIndex(offsets, index.numbers(1), loaded, loaded.length < columns.length);
  }

  /** The columns that are lists of the drawn groups, with the names of their lists. */
  get lists(): ReadonlyMap<PassedColumn, CopiedList> {
    return new Map(this.loaded.map(({ passed, list }) => [passed, list]));
  }

  get kinds(): ReadonlyMap<string, NestedColumn['kind']> {
    return new Map(this.loaded.map(({ list, kind }) => [list, kind]));
  }

  /** The lists of drawn rows. `as_of`: the row number of the item's newest row before the read time; -1 if none. */
  values(
    { count, group, item }: Pick<DrawnRows, 'count' | 'group' | 'item'>,
    { readTime }: Groups,
  ): Readonly<Record<string, NestedValues>> {
    const newest = new Int32Array(count);
    for (let row = 0; row < count; row++) newest[row] = this.#row(u32At(item, row), f64At(readTime, u32At(group, row)));
    const within = (maxAge: number | null): Int32Array =>
      maxAge === null
        ? newest
        : newest.map((row, k) =>
            row >= 0 && f64At(readTime, u32At(group, k)) - f64At(this.times, row) <= maxAge ? row : -1,
          );
    return {
      ...(this.isJoined ? { as_of: newest } : {}),
      ...Object.fromEntries(this.loaded.map(({ passed: { maxAge }, list, values }) => [list, values(within(maxAge))])),
    };
  }

  #row(item: number, readTime: number): number {
    const first = u32At(this.offsets, item);
    let [low, high] = [first, u32At(this.offsets, item + 1)];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (f64At(this.times, middle) < readTime) low = middle + 1;
      else high = middle;
    }
    return low > first ? low - 1 : -1;
  }
}
