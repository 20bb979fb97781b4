import type { DrawnRows } from '../../core/sampling/kernel/rowCounts.ts';
import { logQBatch } from '../../core/sampling/kernel/corrections.ts';
import type { TeacherCoverage } from '../../core/sampling/drawn.ts';
import type { BatchPool, Groups } from '../../core/sampling/world/world.ts';
import { f64At, i32At, outOfRange, u32At } from '../../core/valueAt.ts';
import { gradeOf } from '../../core/sampling/outcomes.ts';
import type { ListValues, NestedValues } from '../database/nestedAppender.ts';
import type { Origins } from '../groups/group.ts';
import { originsOf } from '../groups/originsOf.ts';
import { Bundles, type FileRowsBlock } from './bundles.ts';
import type { AsOfIndex } from './asOfIndex.ts';
import type { DrawBatchRows } from '../draw/threads/drawBatchRunner.ts';
import { valuesAt, wordsAt } from '../inputs/wordsAt.ts';
import { valuesOfPositive, type GroupList } from './drawnLists.ts';
import { idValues, type DrawnIds } from '../inputs/ids.ts';
import type { FileOrder } from './fileOrder.ts';

/** Groups that were drawn together and have rows, in the form that a table needs: one by one, or as bundles. */
export interface DrawnBatch {
  readonly groups: number;
  /** Rows of group or bundle k: offsets[k] … offsets[k + 1] − 1. */
  readonly offsets: Uint32Array;
  /** Values by column name. */
  readonly values: Readonly<Record<string, NestedValues | ListValues>>;
  /** Rows of the stored log that rows and groups refer to, if requested; -1 without one. */
  readonly logRows: readonly Int32Array[];
  /** Number of origins that are -1. */
  readonly unexposed: number;
  /** Null if the stage has no teacher. */
  readonly coverage: readonly TeacherCoverage[] | null;
}

/** `lists`: the requested lists. `batchPool`: see `World`. */
interface BatchInput {
  readonly ids: DrawnIds;
  readonly lists: readonly GroupList[];
  readonly batchPool?: BatchPool | undefined;
  /** For the lists of as-of columns. */
  readonly asOf: AsOfIndex | null;
  /** Null if the order of the file is that of the batches. */
  readonly fileOrder: FileOrder | null;
}

/**
 * The rows of some groups of a block of users.
 * @param firstUser number of the block's first user
 */
export function drawnBatch(
  {
    block,
    origins,
    requests,
    teacher,
    outcomes,
    sequences,
    bundling,
    logValues,
  }: Omit<FileRowsBlock, 'tally' | 'standIns'>,
  firstUser: number,
  drawnRows: DrawBatchRows,
  { ids, lists, batchPool, asOf, fileOrder }: BatchInput,
): DrawnBatch {
  const { groups } = block;
  const { drawn: all, offsets: starts } = groupsOfRows(drawnRows);
  const { positives, requestText, time } = groups;
  const bundles = bundling ? Bundles.from(block, requests, all, bundling) : null;
  const arranged = bundles?.arrange(drawnRows, starts) ?? null;
  const { rows, offsets } = arranged ?? { rows: drawnRows, offsets: starts };
  // The first groups of the rows of the file, and the groups of which they have values.
  const leading = bundles ? valuesAt(all, bundles.first, new Uint32Array(bundles.first.length)) : all;
  const drawn = bundles ? rows.group.subarray(0, rows.count) : all;
  const ofRequest = bundling?.by === 'user' ? drawn : leading;
  const [count, users] = [drawn.length, usersOf(groups, drawn, firstUser)];
  const rowOrigins = lists.includes('origin') || logValues?.has('exposure') ? originsOf(rows, groups, origins) : null;
  const taught = teacher?.rows(rows, groups, origins);
  const contexts = lists.includes('context') || logValues?.has('context') ? contextsOf(rows, origins) : null;
  return {
    groups: leading.length,
    offsets,
    logRows: [rowOrigins, contexts].filter((rows) => rows !== null),
    unexposed: rowOrigins?.reduce((sum, row) => (row < 0 ? sum + 1 : sum), 0) ?? 0,
    coverage: taught?.coverage ?? null,
    values: {
      user: idValues(ids.users, bundles ? usersOf(groups, leading, firstUser) : users, leading.length),
      positive: idValues(ids.items, firstPositives(positives, drawn, positives.items, new Uint32Array(count)), count),
      ...requestValues(requests, requestText, ofRequest),
      time: valuesAt(time, drawn, new Float64Array(count)),
      positive_weight: firstPositives(positives, drawn, positives.weights, new Float64Array(count)),
      ...(valuesOfPositive(lists).includes('positive_log_q_mix')
        ? {
            positive_log_q_mix: valuesAt(
              rows.logQMix,
              arranged?.firstRows ?? offsets.subarray(0, count),
              new Float64Array(count),
            ),
          }
        : {}),
      item: rows.itemIds ?? idValues(ids.items, rows.item, rows.count),
      label: rows.label,
      entry: rows.entry,
      draw: rows.draw,
      weight: rows.weight,
      keep: rows.keep,
      log_q: rows.logQ,
      log_q_mix: rows.logQMix,
      logq_correction: rows.correction,
      logq_correction_batch: rows.batchCorrection,
      ...(batchPool && lists.includes('log_q_batch') ? { log_q_batch: logsOfShares(rows, batchPool) } : {}),
      ...(rowOrigins ? { origin: rowOrigins } : {}),
      ...(contexts ? { context: contexts } : {}),
      ...asOf?.values(rows, { groups, requests, firstUser }),
      ...logValues?.of({ exposure: rowOrigins, context: contexts }),
      ...sequences?.values(
        groups,
        all,
        bundles && arranged ? { first: bundles.first, of: bundles.of, groups: arranged.groups } : null,
      ),
      ...(taught ? { teacher: taught.values } : {}),
      ...(outcomes ? { outcomes: outcomes.rows(rows, groups, origins) } : {}),
      ...(lists.includes('grade') ? { grade: gradesOf(rows) } : {}),
      ...fileOrder?.values(block, { drawn, users, firstUser }, rows, bundles?.keys ?? null),
    },
  };
}

/** The requests of some groups. */
function requestValues(
  requests: FileRowsBlock['requests'],
  texts: Groups['requestText'],
  groups: Uint32Array,
): Record<string, NestedValues> {
  if (!requests) return { request: (k) => texts[u32At(groups, k)] ?? null };
  return {
    request: wordsAt(requests.words, groups, groups.length),
    known: valuesAt(requests.known, groups, new Uint8Array(groups.length)),
  };
}

function gradesOf({ count, label, weight }: DrawnRows): Float64Array {
  const grades = new Float64Array(count);
  for (let row = 0; row < count; row++) grades[row] = gradeOf(label[row], f64At(weight, row));
  return grades;
}

/** `log_q_batch` of each row. */
function logsOfShares({ count, item }: DrawnRows, pool: BatchPool): Float64Array {
  const logs = new Float64Array(count);
  for (let row = 0; row < count; row++) logs[row] = logQBatch(pool, u32At(item, row));
  return logs;
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
    drawn[next] = u32At(group, row);
    offsets[next++] = row;
  }
  offsets[groups] = count;
  return { drawn, offsets };
}

/**
 * A value of the first positive of each group. 0 for a request without a positive, because no column reads it.
 * @param output one 0 per group; it is filled and returned
 */
function firstPositives<T extends Uint32Array | Float64Array>(
  { offsets }: Groups['positives'],
  groups: Uint32Array,
  values: T,
  output: T,
): T {
  for (let k = 0; k < groups.length; k++) {
    const group = u32At(groups, k);
    const first = u32At(offsets, group);
    if (first < u32At(offsets, group + 1)) output[k] = values[first] ?? outOfRange(values, first);
  }
  return output;
}

/** The user number of each group; the groups are ascending. */
function usersOf({ offsets }: Groups, groups: Uint32Array, firstUser: number): Uint32Array {
  const users = new Uint32Array(groups.length);
  let user = 0;
  for (let k = 0; k < groups.length; k++) {
    while (u32At(offsets, user + 1) <= u32At(groups, k)) user++;
    users[k] = firstUser + user;
  }
  return users;
}

/** The log row from which the group of each row was built; -1 if it was not built from one. */
function contextsOf({ count, group }: DrawnRows, { contexts }: Pick<Origins, 'contexts'>): Int32Array {
  const context = new Int32Array(count);
  for (let row = 0; row < count; row++) context[row] = i32At(contexts, u32At(group, row));
  return context;
}
