import { DuckDBTypeId } from '@duckdb/node-api';
import type { PassedColumn } from '../../core/data/passThrough.ts';
import { isOfReadTime } from '../../core/data/passThrough.ts';
import { message } from '../../core/message/message.ts';
import { FeatureTally, type FeatureCounts } from '../../core/sampling/featureCounts.ts';
import type { DrawnRows } from '../../core/sampling/kernel/rowCounts.ts';
import { f64At, i32At, u8At } from '../../core/valueAt.ts';
import type { Work } from '../database/connections.ts';
import { fixedWidth, type FixedWidth } from '../database/fixedWidth.ts';
import type { NestedColumn, NestedValues } from '../database/nestedAppender.ts';
import { fixedRowValues, textRowValues, type RowValues } from '../database/rowValues.ts';
import { carriedColumn } from '../inputs/columnNames.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import type { Tables } from '../tables/tables.ts';
import { AsOfRows, bytesOfTimes, causes, timeColumns, type Found, type LookupGroups } from './asOfRows.ts';
import type { AsOfSource } from './carriedTables.ts';
import { asOfList, asOfRowList, type CopiedList } from './drawnLists.ts';

/** Bytes per text besides its characters: its number and a map entry, twice while it is read. */
const TEXT_BYTES = 40;

/** A column whose values are as of the read time. */
interface AsOfColumn {
  readonly passed: PassedColumn;
  /** The list with its values; with its row numbers if the values are joined. */
  readonly list: CopiedList;
  readonly kind: NestedColumn['kind'];
  /** Null if the values did not fit into memory, so that they are joined by row number. */
  readonly values: RowValues | null;
  /** 1 for each row in which the column is NULL; null without any. */
  readonly nulls: Uint8Array | null;
  /** Microseconds; older values are NULL. */
  readonly maxAge: number;
  /** Null for columns of the log. */
  readonly tally: FeatureTally | null;
}

/** A loaded source with its columns. */
interface LoadedSource {
  readonly rows: AsOfRows;
  readonly columns: readonly AsOfColumn[];
}

/** Finds the rows of the tables of `AsOfSource` by key and read time, and their values. */
export class AsOfIndex {
  private constructor(private readonly sources: readonly LoadedSource[]) {}

  /**
   * Loads the times, and the columns of numbers, times and texts that fit into half of the memory limit. Other columns
   * stay in their tables.
   * @param passed all copied columns
   * @param keys number of all items or users, whichever is larger
   * @throws FailureError if the times do not fit into half of the memory limit
   */
  static async load(
    tables: Tables,
    sources: readonly AsOfSource[],
    passed: readonly PassedColumn[],
    keys: number,
    { signal }: Work,
  ): Promise<AsOfIndex> {
    const ofReadTime = passed.filter(isOfReadTime).map((column, k) => ({ column, k }));
    const loaded: LoadedSource[] = [];
    let free = tables.memoryBytes / 2;
    for (const source of sources) {
      const own = ofReadTime.filter(({ column }) => column.from === source.from);
      const { bytes, ...rest } = await loadSource(tables, source, own, free, keys, { signal });
      free -= bytes;
      loaded.push(rest);
    }
    return new AsOfIndex(loaded);
  }

  get #columns(): AsOfColumn[] {
    return this.sources.flatMap(({ columns }) => columns);
  }

  /** The columns that are lists of the drawn groups, with the names of their lists. */
  get lists(): ReadonlyMap<PassedColumn, CopiedList> {
    return new Map(this.#columns.flatMap(({ passed, list, values }) => (values === null ? [] : [[passed, list]])));
  }

  get kinds(): ReadonlyMap<string, NestedColumn['kind']> {
    return new Map(this.#columns.map(({ list, kind }) => [list, kind]));
  }

  /** Counts of the values of tables of features, in the order of the file. */
  counts(): FeatureCounts[] {
    return this.#columns.flatMap(({ tally }) => tally?.counts() ?? []);
  }

  /** The lists of drawn rows. Counts their values. */
  values(
    drawn: Pick<DrawnRows, 'count' | 'group' | 'item'>,
    groups: LookupGroups,
  ): Readonly<Record<string, NestedValues>> {
    return Object.fromEntries(
      this.sources.flatMap(({ rows, columns }) => {
        const found = rows.newest(drawn, groups);
        return columns.map((column): [string, NestedValues] => {
          const numbers = valuedRows(column, found, rows);
          return [column.list, column.values === null ? numbers : column.values(numbers)];
        });
      }),
    );
  }
}

/** The rows with the values of a column; -1 without a value. Counts them. */
function valuedRows({ maxAge, tally, nulls }: AsOfColumn, found: Found, rows: AsOfRows): Int32Array {
  const valued = new Int32Array(found.rows.length);
  for (let k = 0; k < valued.length; k++) {
    const row = i32At(found.rows, k);
    valued[k] = row;
    if (row < 0) {
      tally?.addMissing(
        u8At(found.causes, k) === causes.noKey ? 'noKey' : u8At(found.causes, k) === causes.never ? 'never' : 'notYet',
      );
      continue;
    }
    const time = f64At(found.readTimes, k);
    const age = time - rows.eventTime(row);
    if (rows.endTime(row) <= time) {
      valued[k] = -1;
      tally?.addMissing('gone');
    } else if (age > maxAge) {
      valued[k] = -1;
      tally?.addMissing('stale');
    } else if (nulls !== null && u8At(nulls, row) === 1) tally?.addMissing('null');
    else tally?.addValue(age);
  }
  return valued;
}

/** Loads the times of a source, and those of its columns that fit into `limit` bytes. */
async function loadSource(
  tables: Tables,
  source: AsOfSource,
  columns: readonly { readonly column: PassedColumn; readonly k: number }[],
  limit: number,
  keys: number,
  work: Work,
): Promise<LoadedSource & { readonly bytes: number }> {
  const { table, features } = source;
  const types = new Map((await tables.columns(`SELECT * FROM ${table}`, work)).map(({ name, type }) => [name, type]));
  const requested = columns.map(({ column, k }) => {
    const type = types.get(carriedColumn(column.column));
    const width = type ? fixedWidth(type) : null;
    const isText = type?.typeId === DuckDBTypeId.VARCHAR && type.alias === undefined;
    return { column, type, width, isText, name: quoteIdentifier(carriedColumn(column.column)), k };
  });
  // NULL for a column that contains the character NUL: the appender would cut its texts there, so it is joined.
  const [[count, ...facts] = []] = await tables.rows(
    `SELECT ${['count(*)', ...requested.flatMap(({ name, isText }) => [isText ? `CASE WHEN coalesce(bool_or(contains(${name}, chr(0))), false) THEN NULL ELSE CAST(coalesce(sum(strlen(${name})), 0) AS DOUBLE) END` : 'NULL', `CAST(count(*) - count(${name}) AS DOUBLE)`])].join(', ')} FROM ${table}`,
    work,
  );
  const rows = Number(count ?? 0);
  let bytes = bytesOfTimes(rows, limit);
  const fitting = new Set(
    requested.flatMap(({ width, isText }, k) => {
      const text = facts[2 * k] ?? null;
      const needed =
        width !== null ? 2 * rows * (width + 1) : isText && text !== null ? rows * TEXT_BYTES + 2 * Number(text) : NaN;
      if (!(bytes + needed <= limit)) return [];
      bytes += needed;
      return [k];
    }),
  );
  const times = timeColumns(source);
  const names = [...new Set(requested.flatMap(({ name }, k) => (fitting.has(k) ? [name] : [])))];
  const nullable = [
    ...new Set(requested.flatMap(({ name }, k) => (features && Number(facts[2 * k + 1]) > 0 ? [name] : []))),
  ];
  const read = await tables.columnar(
    `SELECT ${[...times, ...names, ...nullable.map((name) => `${name} IS NULL`)].join(', ')} FROM ${table} ORDER BY rowid`,
    message('Reading the values as of a time'),
    work,
  );
  const valuesOf = new Map<string, RowValues>();
  const loadedValues = (name: string, width: FixedWidth | null): RowValues => {
    const column = times.length + names.indexOf(name);
    const values =
      valuesOf.get(name) ??
      (width === null ? textRowValues(read.texts(column)) : fixedRowValues(read.fixed(column, width), width));
    valuesOf.set(name, values);
    return values;
  };
  const ageLimit = features?.time.maxAge ?? null;
  return {
    rows: new AsOfRows(source, read, keys),
    bytes,
    columns: requested.flatMap(({ column, type, width, name, k }, at): AsOfColumn[] => {
      if (!type) return [];
      const nulls = nullable.indexOf(name);
      const common = {
        passed: column,
        nulls: nulls < 0 ? null : read.flags(times.length + names.length + nulls),
        maxAge: Math.min(column.maxAge ?? Infinity, ageLimit ?? Infinity),
        tally: features ? new FeatureTally(column.name, column.from) : null,
      };
      return [
        fitting.has(at)
          ? { ...common, list: asOfList(k), kind: type, values: loadedValues(name, width) }
          : { ...common, list: asOfRowList(k), kind: 'int32', values: null },
      ];
    }),
  };
}
