import type { DuckDBConnection } from '@duckdb/node-api';
import type { DrawnRows } from '../../../core/sampling/kernel/rowCounts.ts';
import type { Groups } from '../../../core/sampling/world/world.ts';
import { NestedAppender, type NestedColumn, type NestedValues } from '../../database/nestedAppender.ts';
import type { Origins } from '../block/group.ts';
import type { StretchRows } from '../threads/stretchDrawer.ts';
import { wordsAt } from '../wordsAt.ts';
import { idKind, idValues, type DrawnIds, type Ids } from './ids.ts';
import type { FileBlock } from './positiveBlock.ts';

/**
 * Groups in the order of the file, with their rows as lists: positives first, then by entry and draw. `request` is NULL without one, where it is an integer only if `known` is 1; `time` in microseconds; `entry` and `draw` are -1 for
 * positives and exposures, numbers that are not there NaN; `origin` is the row of the stored log, -1 without one. Groups without rows are left out.
 */
export const drawnTable = '"drawn groups"';

const lists = { item: 'int64', label: 'int8', entry: 'int16', draw: 'int32', weight: 'double', keep: 'double', log_q: 'double', log_q_mix: 'double', origin: 'int32' } as const satisfies Readonly<Record<string, NestedColumn['kind']>>;
/** A value that every row has. */
export type DrawnList = keyof typeof lists;
export const drawnLists = Object.keys(lists) as DrawnList[];

/** What was drawn, put aside block by block: what memory does not hold goes to the disk. */
export class DrawnTable {
  private constructor(private readonly appender: NestedAppender, private readonly users: Ids, private readonly items: Ids, private readonly hasOrigins: boolean) {}

  /** @param needed the lists that it has */
  static async create(connection: DuckDBConnection, { users, items, requests }: DrawnIds, needed: readonly DrawnList[]): Promise<DrawnTable> {
    const item = idKind(items);
    const appender = await NestedAppender.create(connection, drawnTable.slice(1, -1), [
      { name: 'user', kind: idKind(users), list: false }, { name: 'positive', kind: item, list: false }, { name: 'request', kind: requests, list: false }, { name: 'known', kind: 'int8', list: false }, { name: 'time', kind: 'double', list: false },
      ...needed.map((name) => ({ name, kind: name === 'item' ? item : lists[name], list: true })),
    ]);
    return new DrawnTable(appender, users, items, needed.includes('origin'));
  }

  /**
   * Appends the rows that were drawn of a block of users.
   * @param firstUser number of the block's first user
   */
  append({ block: { groups }, origins, requests }: Pick<FileBlock, 'block' | 'origins' | 'requests'>, firstUser: number, rows: StretchRows): void {
    const { drawn, offsets } = groupsOfRows(rows);
    const { positives, requestText, time } = groups;
    const values: Record<string, NestedValues> = {
      user: idValues(this.users, usersOf(groups, drawn, firstUser), drawn.length),
      positive: idValues(this.items, drawn.map((group) => positives.items[positives.offsets[group] ?? 0] ?? 0), drawn.length),
      request: requests ? wordsAt(requests.words, drawn, drawn.length) : (k) => requestText[drawn[k] ?? 0] ?? null,
      known: Uint8Array.from(drawn, (group) => requests?.known[group] ?? 0),
      time: Float64Array.from(drawn, (group) => time[group] ?? NaN),
      item: rows.itemIds ?? idValues(this.items, rows.item, rows.count),
      label: rows.label, entry: rows.entry, draw: rows.draw, weight: rows.weight, keep: rows.keep, log_q: rows.logQ, log_q_mix: rows.logQMix, ...(this.hasOrigins ? { origin: originsOf(rows, groups, origins) } : {}),
    };
    this.appender.append(drawn.length, offsets, values);
  }

  /** Makes all rows visible to SQL. */
  close(): void {
    this.appender.close();
  }
}

/** The groups that have rows, ascending, and where theirs are. */
function groupsOfRows({ group, count }: DrawnRows): { readonly drawn: Uint32Array; readonly offsets: Uint32Array } {
  const drawn = new Uint32Array(count);
  const offsets = new Uint32Array(count + 1);
  let groups = 0;
  for (let row = 0; row < count; row++) {
    if (row > 0 && group[row] === group[row - 1]) continue;
    drawn[groups] = group[row] ?? 0;
    offsets[groups++] = row;
  }
  offsets[groups] = count;
  return { drawn: drawn.subarray(0, groups), offsets: offsets.subarray(0, groups + 1) };
}

/** The number of the user of each of some ascending groups. */
function usersOf({ offsets }: Groups, groups: Uint32Array, firstUser: number): Uint32Array {
  let user = 0;
  return groups.map((group) => {
    while ((offsets[user + 1] ?? Infinity) <= group) user++;
    return firstUser + user;
  });
}

/** Rows of the log: those of positives are their own, those of negatives the group's. Positives of a group stand in their own order. */
function originsOf(rows: DrawnRows, { positives }: Groups, origins: Origins): Int32Array {
  const origin = new Int32Array(rows.count);
  let [group, next] = [-1, 0];
  for (let row = 0; row < rows.count; row++) {
    const own = rows.group[row] ?? 0;
    if (own !== group) [group, next] = [own, positives.offsets[own] ?? 0];
    origin[row] = ((rows.entry[row] ?? -1) < 0 ? origins.positives[next++] : origins.groups[own]) ?? -1;
  }
  return origin;
}
