import type { DrawnRows } from '../../../core/sampling/kernel/rowCounts.ts';
import type { Groups } from '../../../core/sampling/world/world.ts';
import type { NestedValues } from '../../database/nestedAppender.ts';
import type { Origins } from '../groups/group.ts';
import type { DrawBatchRows } from './threads/drawBatchRunner.ts';
import { valuesAt, wordsAt } from '../inputs/wordsAt.ts';
import { valuesOfPositive, type DrawnList } from './drawnLists.ts';
import { idValues, type DrawnIds } from '../inputs/ids.ts';
import type { FileBlock } from '../groups/positiveBlock.ts';

/** Groups that were drawn together and have rows, in the form that a table needs. */
export interface DrawnBatch {
  readonly groups: number;
  /** Rows of group k: offsets[k] … offsets[k + 1] − 1. */
  readonly offsets: Uint32Array;
  /** By column name. */
  readonly values: Readonly<Record<string, NestedValues>>;
  /** Rows of the stored log, if requested; -1 without one. */
  readonly origins: Int32Array | null;
  /** Number of origins that are -1. */
  readonly unexposed: number;
}

/**
 * The rows of some groups of a block of users.
 * @param firstUser number of the block's first user
 * @param lists the requested lists
 */
export function drawnBatch(
  { block: { groups }, origins, requests }: Pick<FileBlock, 'block' | 'origins' | 'requests'>,
  firstUser: number,
  rows: DrawBatchRows,
  ids: DrawnIds,
  lists: readonly DrawnList[],
): DrawnBatch {
  const { drawn, offsets } = groupsOfRows(rows);
  const { positives, requestText, time } = groups;
  const count = drawn.length;
  const first = valuesAt(positives.offsets, drawn, new Uint32Array(count));
  const ofLog = lists.includes('origin') ? originsOf(rows, groups, origins) : null;
  return {
    groups: count,
    offsets,
    origins: ofLog,
    unexposed: ofLog?.reduce((sum, row) => (row < 0 ? sum + 1 : sum), 0) ?? 0,
    values: {
      user: idValues(ids.users, usersOf(groups, drawn, firstUser), count),
      positive: idValues(ids.items, valuesAt(positives.items, first, new Uint32Array(count)), count),
      request: requests ? wordsAt(requests.words, drawn, count) : (k) => requestText[drawn[k] ?? 0] ?? null,
      ...(requests ? { known: valuesAt(requests.known, drawn, new Uint8Array(count)) } : {}),
      time: valuesAt(time, drawn, new Float64Array(count)),
      positive_weight: valuesAt(positives.weights, first, new Float64Array(count)),
      ...(valuesOfPositive(lists).includes('positive_log_q_mix')
        ? { positive_log_q_mix: valuesAt(rows.logQMix, offsets.subarray(0, count), new Float64Array(count)) }
        : {}),
      item: rows.itemIds ?? idValues(ids.items, rows.item, rows.count),
      label: rows.label,
      entry: rows.entry,
      draw: rows.draw,
      weight: rows.weight,
      keep: rows.keep,
      log_q: rows.logQ,
      log_q_mix: rows.logQMix,
      ...(ofLog ? { origin: ofLog } : {}),
    },
  };
}

/** The groups that have rows, in ascending order, and where their rows are. */
function groupsOfRows({ group, count }: DrawnRows): { readonly drawn: Uint32Array; readonly offsets: Uint32Array } {
  // Count first: an array with one element per row would trigger the garbage collector far more often.
  let groups = 0;
  for (let row = 0; row < count; row++) if (row === 0 || group[row] !== group[row - 1]) groups++;
  const drawn = new Uint32Array(groups);
  const offsets = new Uint32Array(groups + 1);
  for (let row = 0, next = 0; row < count; row++) {
    if (row > 0 && group[row] === group[row - 1]) continue;
    drawn[next] = group[row] ?? 0;
    offsets[next++] = row;
  }
  offsets[groups] = count;
  return { drawn, offsets };
}

/** The user number of each group; the groups are ascending. */
function usersOf({ offsets }: Groups, groups: Uint32Array, firstUser: number): Uint32Array {
  const users = new Uint32Array(groups.length);
  let user = 0;
  for (let k = 0; k < groups.length; k++) {
    while ((offsets[user + 1] ?? Infinity) <= (groups[k] ?? 0)) user++;
    users[k] = firstUser + user;
  }
  return users;
}

/** Log rows in which the rows were exposed, -1 without one. Positives of a group keep their order. */
function originsOf(rows: DrawnRows, { offsets, positives, request, time }: Groups, origins: Origins): Int32Array {
  const origin = new Int32Array(rows.count).fill(-1);
  let [group, next, user] = [-1, 0, 0];
  for (let row = 0; row < rows.count; row++) {
    const own = rows.group[row] ?? 0;
    if (own !== group) [group, next] = [own, positives.offsets[own] ?? 0];
    const entry = rows.entry[row] ?? -1;
    if (entry < 0) {
      origin[row] = origins.positives[next++] ?? -1;
      continue;
    }
    const drawn = origins.drawn[entry];
    if (!drawn) continue;
    while ((offsets[user + 1] ?? Infinity) <= own) user++;
    origin[row] = drawn.row(user, rows.item[row] ?? 0, { request: request[own] ?? -1, time: time[own] ?? NaN });
  }
  return origin;
}
