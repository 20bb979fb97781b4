import { keySeparator, separatorFailure } from '../../core/sampling/key.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { groupedBy } from '../../core/source/options.ts';
import type { ExcludedItems, UserBlock } from '../../core/sampling/world/world.ts';
import { f64At, u32At, u8At } from '../../core/valueAt.ts';
import type { Work } from '../database/connections.ts';
import { PastItems } from './history/pastItems.ts';
import { withPastItems } from './history/withPastItems.ts';
import { poolOfUser, poolsByDay, type LoadedBlock } from './block.ts';
import { distinctExcludes, excludingTime } from './distinctExcludes.ts';
import type { Grouping } from './group.ts';
import { loadAttributes, loadEventRequests } from '../inputs/users/loadUsers.ts';
import { swapWords, valuesAt, wordsAt } from '../inputs/wordsAt.ts';
import type { LoadedWorld } from '../inputs/world/loadedWorld.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';
import { type StoredTables, storedUsers } from '../inputs/storedTables.ts';
import type { UserRange } from './userRanges.ts';
import { exposureRows } from './exposureRows.ts';
import { LogColumns, type LogReading, type RequestWords } from './logColumns.ts';
import { PositiveRows } from './positiveRows.ts';
import { ReadTimes } from './readTimes.ts';
import { dropsShort, storedShortHistories } from './shortHistories.ts';
import { message } from '../../core/message/message.ts';
import { anyUnmatched, unmatchedWithin } from '../inputs/events/unmatchedSql.ts';
import { microseconds } from '../inputs/world/within.ts';

/** The parts of a block that a file needs. */
export interface FileBlock extends Pick<
  LoadedBlock,
  'block' | 'origins' | 'teacher' | 'outcomes' | 'tally' | 'standIns'
> {
  /** Replaces the request texts if requests are integers. */
  readonly requests?: RequestWords;
}

/**
 * True if the groups of a plan and their exclusions can be built from columns alone, without an object per row or a
 * text per key.
 */
export function isColumnar(
  { unit, entries, outcomes, exposures, teacher }: StagePlan,
  { matched }: Pick<SampledTables, 'matched'>,
): boolean {
  // Labels of further events need every log row of a group.
  if ((outcomes?.events.length ?? 0) > 0 || !entries.every(({ draws }) => draws.kind === 'pool')) return false;
  if (unit === 'impression') return teacher === undefined && typeof exposures?.seen !== 'object';
  return unit === 'positive' && !matched.hasPositives;
}

/**
 * The block of a range of users, for columnar plans. Groups, words and exclusions equal those of `blockOf`.
 * @throws FailureError if an id contains the separator of keys
 */
export async function columnarBlock(
  range: UserRange,
  plan: StagePlan,
  world: LoadedWorld,
  stored: StoredTables,
  { hot, ...reading }: LogReading & Pick<Grouping, 'hot'>,
  work: Work,
): Promise<FileBlock> {
  const { distinct, of } = distinctExcludes(plan);
  const log = await LogColumns.load(range, plan, world, stored, reading, work);
  const unmatched = await unmatchedColumns(range, plan, world, stored, work);
  const past = await PastItems.loadStored(range, plan, world, stored, work);
  const users = new Uint32Array(range.users.length + 1);
  range.shown.forEach((rows, user) => {
    users[user + 1] = u32At(users, user) + rows;
  });
  const selected =
    plan.unit === 'impression'
      ? exposureRows(world, log, users)
      : { ...new PositiveRows(plan, world, log, hot).of(users), keys: [] };
  const { rows, offsets, tally, keep, readTime } = reading.readTimes
    ? await withReadTimes(range, plan, log, { ...selected, users }, stored, work)
    : { ...selected, readTime: null };
  const count = rows.length;
  const requestText = reading.requests === 'int64' ? [] : Array.from(rows, (row) => log.request(row));
  refuseSeparator([...(stored.userKind() === 'string' ? range.users : []), ...requestText]);
  const events = valuesAt(log.event, rows, new Uint8Array(count));
  const weights = new Float64Array(count);
  const origins = new Int32Array(count);
  const single = new Uint32Array(count + 1);
  for (let group = 0; group < count; group++) {
    weights[group] = plan.positives.events[u8At(events, group)]?.weight ?? 1;
    origins[group] = range.firstShown + u32At(rows, group);
    single[group + 1] = group + 1;
  }
  const attributes = plan.entries.some((entry) => groupedBy(entry).length > 0)
    ? await loadAttributes(stored, range.chosen, work)
    : null;
  const owners = attributes === null ? [] : range.users.map((user) => ({ attributes: attributes(user) }));
  const pools = plan.entries.map((entry, k) => poolOfUser(entry, world.pools[k], owners));
  const time = valuesAt(log.time, rows, new Float64Array(count));
  const byDay = poolsByDay(world, { count, offsets, time }, owners);
  const block: UserBlock = {
    users: range.users,
    poolOfUser: pools.map((one) => one?.pools ?? null),
    ...(byDay ? { poolOfGroup: byDay.map((one) => one?.pools ?? null) } : {}),
    groups: {
      count,
      offsets,
      time,
      readTime: readTime ?? time,
      keyWords: swapWords(wordsAt(log.words, rows, count)),
      keys: selected.keys,
      request: new Int32Array(count).fill(-1),
      requestText,
      positives: {
        offsets: single,
        items: valuesAt(log.item, rows, new Uint32Array(count)),
        events,
        keep,
        weights,
      },
    },
    excluded: distinct.map(({ lookback }, k) =>
      withPastItems(
        {
          ...excludedItems(
            users,
            withUnmatched(log, unmatched, k),
            unmatched?.offsets ?? new Uint32Array(users.length),
          ),
          lookback: lookback ?? Infinity,
        },
        past.ofUsers(k, range.users),
      ),
    ),
    excludedOf: of,
    // Only lists need these.
    positiveItems: { offsets: new Uint32Array(users.length), items: new Uint32Array() },
    lists: plan.entries.map(() => null),
  };
  return {
    block,
    origins: { positives: origins, contexts: origins, drawn: plan.entries.map(() => null) },
    // Plans with a teacher are not columnar.
    teacher: null,
    outcomes: null,
    tally,
    standIns: pools.map((one, k) => (one ?? byDay?.[k])?.standIns ?? 0),
    ...(reading.requests === 'int64' ? { requests: log.requestsOf(rows) } : {}),
  };
}

/** The selected rows with their read times, after `min_steps`. */
async function withReadTimes(
  range: UserRange,
  plan: StagePlan,
  log: LogColumns,
  selected: ReturnType<PositiveRows['of']> & { readonly users: Uint32Array },
  stored: StoredTables,
  work: Work,
): Promise<ReturnType<PositiveRows['of']> & { readonly readTime: Float64Array }> {
  const readTime = await loadReadTimes(range, log, selected, stored, work);
  if (plan.positives.minSteps === undefined) return { ...selected, readTime };
  const short = await storedShortHistories(range, plan, stored, work);
  const { rows, keep, offsets, tally } = selected;
  const isDropped = dropsShort(plan);
  const newOffsets = new Uint32Array(offsets.length);
  let count = 0;
  for (const [user, name] of range.users.entries()) {
    const shortHistories = short(name);
    for (let row = u32At(offsets, user); row < u32At(offsets, user + 1); row++) {
      const isShort = shortHistories.has(f64At(readTime, row));
      if (isShort) tally.short++;
      if (isShort && isDropped) continue;
      rows[count] = u32At(rows, row);
      keep[count] = f64At(keep, row);
      readTime[count++] = f64At(readTime, row);
    }
    newOffsets[user + 1] = count;
  }
  const first = <T extends Uint32Array | Float64Array>(values: T): T => values.subarray(0, count) as T;
  return { rows: first(rows), keep: first(keep), readTime: first(readTime), offsets: newOffsets, tally };
}

/**
 * The read time of each group.
 * @param rows the row of each group; `offsets` and `users`: offsets of the groups and log rows of each user
 */
async function loadReadTimes(
  { users: names, chosen }: UserRange,
  log: LogColumns,
  { rows, offsets, users }: Readonly<Record<'rows' | 'offsets' | 'users', Uint32Array>>,
  stored: StoredTables,
  work: Work,
): Promise<Float64Array> {
  const events = await loadEventRequests(stored, chosen, work);
  const times = new Float64Array(rows.length);
  names.forEach((name, user) => {
    const [first, end] = [u32At(users, user), u32At(users, user + 1)];
    const requests = Array.from({ length: end - first }, (_, k) => log.requestKey(first + k));
    const { request, time } = events(name);
    const ofEvents = { request: request.map((text) => log.keyOfRequest(text)), time };
    const readTimes = new ReadTimes(requests, log.time.subarray(first, end), ofEvents);
    for (let group = u32At(offsets, user); group < u32At(offsets, user + 1); group++) {
      const row = u32At(rows, group);
      times[group] = readTimes.of(requests[row - first] ?? null, f64At(log.time, row));
    }
  });
  return times;
}

/** Rows that exclude items: first log rows, then events without an impression. */
interface Excluding {
  readonly item: Uint32Array;
  readonly time: Float64Array;
  readonly flags: Uint8Array;
  /** Number of log rows. */
  readonly shown: number;
}

/** @param k number of the distinct `exclude` */
function withUnmatched(log: LogColumns, unmatched: UnmatchedColumns | null, k: number): Excluding {
  const flags = log.excludes[k] ?? new Uint8Array();
  const shown = log.item.length;
  if (unmatched === null) return { item: log.item, time: log.time, flags, shown };
  const unmatchedFlags = unmatched.excludes[k] ?? new Uint8Array();
  const length = shown + unmatchedFlags.length;
  return {
    item: joined(new Uint32Array(length), log.item, unmatched.item),
    time: joined(new Float64Array(length), log.time, unmatched.time),
    flags: joined(new Uint8Array(length), flags, unmatchedFlags),
    shown,
  };
}

function joined<T extends Uint32Array | Float64Array | Uint8Array>(target: T, first: T, second: T): T {
  target.set(first);
  target.set(second, first.length);
  return target;
}

/**
 * Distinct items of the flagged rows of each user, in ascending order, each with its newest time.
 * @param users offsets of the log rows of each user
 * @param unmatched offsets of the events without an impression of each user
 */
function excludedItems(
  users: Uint32Array,
  { item, time, flags, shown }: Excluding,
  unmatched: Uint32Array,
): Omit<ExcludedItems, 'lookback'> {
  let most = 0;
  for (const flag of flags) most += flag;
  const items = new Uint32Array(most);
  const last = new Float64Array(most);
  const offsets = new Uint32Array(users.length);
  let widest = 0;
  for (let user = 0; user + 1 < users.length; user++)
    widest = Math.max(
      widest,
      u32At(users, user + 1) - u32At(users, user) + u32At(unmatched, user + 1) - u32At(unmatched, user),
    );
  const rows = new Uint32Array(widest);
  let count = 0;
  for (let user = 0; user + 1 < users.length; user++) {
    let size = 0;
    for (let row = u32At(users, user); row < u32At(users, user + 1); row++) if (flags[row] === 1) rows[size++] = row;
    for (let row = shown + u32At(unmatched, user); row < shown + u32At(unmatched, user + 1); row++)
      if (flags[row] === 1) rows[size++] = row;
    sortByItem(rows.subarray(0, size), item);
    for (let k = 0; k < size; k++) {
      const row = u32At(rows, k);
      if (k > 0 && item[row] === items[count - 1]) {
        last[count - 1] = Math.max(f64At(last, count - 1), f64At(time, row));
      } else {
        items[count] = u32At(item, row);
        last[count++] = f64At(time, row);
      }
    }
    offsets[user + 1] = count;
  }
  return { offsets, items: items.subarray(0, count), last: last.subarray(0, count) };
}

/** For this few rows, insertion sort is faster. */
const FEW = 24;

function sortByItem(rows: Uint32Array, item: Uint32Array): void {
  if (rows.length > FEW) {
    rows.sort((a, b) => u32At(item, a) - u32At(item, b));
    return;
  }
  for (let k = 1; k < rows.length; k++) {
    const row = u32At(rows, k);
    const own = u32At(item, row);
    let place = k;
    for (; place > 0 && u32At(item, u32At(rows, place - 1)) > own; place--) rows[place] = u32At(rows, place - 1);
    rows[place] = row;
  }
}

function refuseSeparator(ids: readonly (string | null)[]): void {
  const wrong = ids.find((id): id is string => id?.includes(keySeparator) === true);
  if (wrong !== undefined) throw separatorFailure(wrong);
}

/** Events without an impression of a range of users, as columns, ordered by user. */
interface UnmatchedColumns {
  /** By user of the range. */
  readonly offsets: Uint32Array;
  readonly item: Uint32Array;
  /** Infinity for an event without a time. */
  readonly time: Float64Array;
  /** By distinct `exclude`: 1 if the event excludes its item. */
  readonly excludes: readonly Uint8Array[];
}

/** Null if every event has an impression. */
async function unmatchedColumns(
  { first, users }: UserRange,
  plan: StagePlan,
  world: LoadedWorld,
  stored: StoredTables,
  work: Work,
): Promise<UnmatchedColumns | null> {
  const unmatched = stored.unmatched();
  if (unmatched === null) return null;
  const { distinct } = distinctExcludes(plan);
  const excludes = distinct.map(
    (exclude, k) =>
      `${anyUnmatched(stored, exclude.events)} AND ${unmatchedWithin(excludingTime(exclude, world))} AS e${k}`,
  );
  const rows = await stored.tables.columnar(
    `SELECT user_number, number, coalesce(${microseconds('time')}, 'Infinity'::DOUBLE), ${['true', ...excludes].join(', ')}
      FROM (SELECT e.*, CAST(u.number - ${first} AS UINTEGER) AS user_number FROM ${unmatched} e JOIN ${storedUsers} u ON u."user" = e."user"
        WHERE u.number >= ${first} AND u.number < ${first + users.length}) ORDER BY user_number`,
    message('Reading the rows of the users'),
    work,
  );
  const owner = rows.unsigned(0);
  const offsets = new Uint32Array(users.length + 1);
  for (let row = 0, user = 0; user < users.length; user++) {
    while (row < owner.length && u32At(owner, row) === user) row++;
    offsets[user + 1] = row;
  }
  return {
    offsets,
    item: rows.unsigned(1),
    time: rows.numbers(2),
    excludes: distinct.map((_, k) => rows.flags(4 + k)),
  };
}
