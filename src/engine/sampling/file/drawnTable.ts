import type { DuckDBConnection } from '@duckdb/node-api';
import { createNested, NestedAppender, type NestedColumn } from '../../database/nestedAppender.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { kindsOfLists, valuesOfPositive, type DrawnList } from './drawnLists.ts';
import type { DrawnStretch } from './drawnStretch.ts';
import { idKind, type DrawnIds } from './ids.ts';

/** Names of tables of drawn groups. The first stays empty: it has the columns of the others. */
const nameOf = (number: number): string => `drawn groups ${number}`;
/** SQL of a table of drawn groups without a row. */
export const noneDrawn = quoteIdentifier(nameOf(0));

/** Groups that are written together. */
export interface DrawnPart {
  /** SQL of their table. */
  readonly table: string;
  readonly groups: number;
  readonly rows: number;
  /** The first and the last row of the stored log that they name. */
  readonly origins: readonly [number, number];
}

/**
 * Makes tables of groups in the order of the file, with their rows as lists: positives first, then by entry and draw. `request` is NULL without one, where it is an integer there is one only if `known` is 1; `time` in
 * microseconds; `entry` and `draw` are -1 for positives and exposures, numbers that are not there NaN; `origin` is the row of the stored log, -1 without one. `positive_weight` is that of the first positive, `positive_log_q_mix`, where rows have none, that of the first row. Groups without rows are left out.
 */
export class DrawnTables {
  readonly #columns: readonly NestedColumn[];
  #number = 0;

  /** @param needed the lists that they have */
  constructor({ users, items, requests }: DrawnIds, needed: readonly DrawnList[]) {
    const item = idKind(items);
    this.#columns = [
      { name: 'user', kind: idKind(users), list: false },
      { name: 'positive', kind: item, list: false },
      { name: 'request', kind: requests, list: false },
      ...(requests === 'int64' ? [{ name: 'known', kind: 'int8', list: false } as const] : []),
      { name: 'time', kind: 'double', list: false },
      ...valuesOfPositive(needed).map((name) => ({ name, kind: 'double', list: false }) as const),
      ...needed.map((name) => ({ name, kind: name === 'item' ? item : kindsOfLists[name], list: true })),
    ];
  }

  /** Makes `noneDrawn`. */
  async prepare(connection: DuckDBConnection): Promise<void> {
    await createNested(connection, nameOf(0), this.#columns);
  }

  async next(connection: DuckDBConnection): Promise<DrawnTable> {
    const name = nameOf(++this.#number);
    await createNested(connection, name, this.#columns);
    return new DrawnTable(quoteIdentifier(name), await NestedAppender.open(connection, name, this.#columns));
  }
}

/** A table of drawn groups while it grows: what memory does not hold goes to the disk. */
export class DrawnTable {
  #groups = 0;
  #rows = 0;
  #origins: [number, number] = [0, -1];

  /** @param table SQL */
  constructor(
    private readonly table: string,
    private readonly appender: NestedAppender,
  ) {}

  get rows(): number {
    return this.#rows;
  }

  /** Appends the groups from … to − 1 of a stretch. */
  append({ offsets, values, origins }: DrawnStretch, from: number, to: number): void {
    this.appender.append(from, to, offsets, values);
    const [first, end] = [offsets[from] ?? 0, offsets[to] ?? 0];
    this.#groups += to - from;
    this.#rows += end - first;
    if (origins === null) return;
    let [least, greatest] = this.#origins[1] < 0 ? [Infinity, -1] : this.#origins;
    for (let row = first; row < end; row++) {
      const origin = origins[row] ?? -1;
      if (origin >= 0 && origin < least) least = origin;
      if (origin > greatest) greatest = origin;
    }
    this.#origins = greatest < 0 ? [0, -1] : [least, greatest];
  }

  /** Makes all rows visible to SQL. */
  close(): DrawnPart {
    this.appender.close();
    return { table: this.table, groups: this.#groups, rows: this.#rows, origins: this.#origins };
  }
}
