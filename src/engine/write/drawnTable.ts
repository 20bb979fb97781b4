import type { DuckDBConnection } from '@duckdb/node-api';
import { i32At, u32At, valueFor } from '../../core/valueAt.ts';
import { createNested, NestedAppender, type NestedColumn } from '../database/nestedAppender.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { isCopiedList, kindsOfLists, valuesOfPositive, type GroupList } from './drawnLists.ts';
import type { DrawnBatch } from './drawnBatch.ts';
import type { Bundle } from './layouts.ts';
import { idKind, type DrawnIds } from '../inputs/ids.ts';

/** Names of tables of drawn groups. The first table stays empty and defines the columns of the others. */
const nameOf = (number: number): string => `drawn groups ${number}`;
/** SQL of an empty table of drawn groups. */
export const noneDrawn = quoteIdentifier(nameOf(0));

/** Groups that are written together. */
export interface DrawnPart {
  /** SQL of their table. */
  readonly table: string;
  readonly groups: number;
  readonly rows: number;
  /** The smallest and the largest row number of the stored log that they refer to. */
  readonly origins: readonly [number, number];
  /** Only these groups, the first and the last, of a table that others use too. Missing: all groups. */
  readonly ranks?: readonly [number, number];
}

/**
 * Creates tables of groups in the order of the file, with their rows as lists: positives first, then by entry and draw.
 * Groups without rows are omitted.
 * `request` is NULL if there is none; an integer request is valid only if `known` is 1. `time` is in microseconds.
 * `entry` and `draw` are -1 for positives and exposures. Missing numbers are NaN. `origin` is the row of the stored
 * log, -1 without one; `context` is the row of the log that the group comes from.
 * `positive_weight` is the weight of the first positive. `positive_log_q_mix` is the value of the first row, if the
 * rows have no `log_q_mix`. `FileOrder` has further columns.
 */
export class DrawnTables {
  readonly #columns: readonly NestedColumn[];
  #number = 0;

  /**
   * @param needed the lists of the tables
   * @param further columns of groups
   * @param copiedKinds of the lists of copied columns
   * @param bundle if groups share rows, values of groups are lists with one element per sample
   */
  constructor(
    { users, items, requests }: DrawnIds,
    needed: readonly GroupList[],
    further: readonly NestedColumn[],
    copiedKinds: ReadonlyMap<string, NestedColumn['kind']>,
    bundle: Bundle,
  ) {
    const item = idKind(items);
    const list = bundle !== null;
    const ofRequest = { list: bundle === 'user' };
    this.#columns = [
      { name: 'user', kind: idKind(users), list: false },
      { name: 'positive', kind: item, list },
      { name: 'request', kind: requests, ...ofRequest },
      ...(requests === 'int64' ? [{ name: 'known', kind: 'int8', ...ofRequest } as const] : []),
      { name: 'time', kind: 'double', list },
      ...valuesOfPositive(needed).map((name) => ({ name, kind: 'double', list }) as const),
      ...further,
      ...needed.map((name) => ({
        name,
        kind: isCopiedList(name) ? valueFor(copiedKinds, name) : name === 'item' ? item : kindsOfLists[name],
        list: true,
      })),
    ];
  }

  /** Creates the table `noneDrawn`. */
  async prepare(connection: DuckDBConnection): Promise<void> {
    await createNested(connection, nameOf(0), this.#columns);
  }

  async next(connection: DuckDBConnection): Promise<DrawnTable> {
    const name = nameOf(++this.#number);
    await createNested(connection, name, this.#columns);
    return new DrawnTable(quoteIdentifier(name), await NestedAppender.open(connection, name, this.#columns));
  }
}

/** A table of drawn groups while rows are appended. DuckDB moves rows that do not fit into memory to the disk. */
export class DrawnTable {
  #groups = 0;
  #rows = 0;
  #origins: [number, number] = [0, -1];

  /** @param table SQL of the table */
  constructor(
    private readonly table: string,
    private readonly appender: NestedAppender,
  ) {}

  get rows(): number {
    return this.#rows;
  }

  /** Appends the groups from … to − 1 of a batch. */
  append({ offsets, values, logRows }: DrawnBatch, from: number, to: number): void {
    this.appender.append(from, to, offsets, values);
    const [first, end] = [u32At(offsets, from), u32At(offsets, to)];
    this.#groups += to - from;
    this.#rows += end - first;
    let [least, greatest] = this.#origins[1] < 0 ? [Infinity, -1] : this.#origins;
    for (const origins of logRows) {
      for (let row = first; row < end; row++) {
        const origin = i32At(origins, row);
        if (origin >= 0 && origin < least) least = origin;
        if (origin > greatest) greatest = origin;
      }
    }
    this.#origins = greatest < 0 ? [0, -1] : [least, greatest];
  }

  /** Makes all rows visible to SQL. */
  close(): DrawnPart {
    this.appender.close();
    return { table: this.table, groups: this.#groups, rows: this.#rows, origins: this.#origins };
  }
}
