import type { StagePlan, PlanExclude } from '../../core/sampling/plan/stagePlan.ts';
import type { HistoryCounts } from '../../core/sampling/historyCounts.ts';
import { dailyCount, groupedBy } from '../../core/source/options.ts';
import type { EntryPools, Groups, UserBlock, ExcludedItems, UserItems } from '../../core/sampling/world/world.ts';
import { f64At, u32At } from '../../core/valueAt.ts';
import { idOrder } from '../inputs/idOrder.ts';
import type { UserRows } from '../inputs/users/userRows.ts';
import type { LoadedWorld } from '../inputs/world/loadedWorld.ts';
import { valuesKey } from '../inputs/world/valuesKey.ts';
import {
  emptyTally,
  groupsOf,
  type DroppedPositive,
  type Grouping,
  type MakeGroups,
  type Origins,
  type Tally,
} from './group.ts';
import { impressionGroups } from './impressionGroups.ts';
import { NO_EVENT } from './noEvent.ts';
import { PastItems } from './history/pastItems.ts';
import { LabelledLog } from './labelledLog.ts';
import { listsOf } from './lists.ts';
import { NegativeExposures } from './negativeExposures.ts';
import { positiveGroups } from './positiveGroups.ts';
import { requestGroups } from './requestGroups.ts';
import { OutcomeValues } from './outcomeValues.ts';
import { noShortHistories, type ShortHistories } from './shortHistories.ts';
import { TeacherValues } from './teacherValues.ts';
import { Requests } from './requests.ts';
import { distinctExcludes, excludingTime } from './distinctExcludes.ts';
import { withPastItems } from './history/withPastItems.ts';
import { OwnedItems } from './ownedItems.ts';

const units: { readonly [U in StagePlan['unit']]: MakeGroups } = {
  positive: positiveGroups,
  request: requestGroups,
  impression: impressionGroups,
};

/** A block, and the figures that the user sees about how it was built. */
export interface LoadedBlock {
  readonly block: UserBlock;
  readonly origins: Origins;
  /** Null if the stage has no teacher. */
  readonly teacher: TeacherValues | null;
  /** Null if the stage has no labels of further events. */
  readonly outcomes: OutcomeValues | null;
  /** By user of the block. */
  readonly users: readonly UserFigures[];
  readonly tally: Tally;
  readonly dropped: readonly DroppedPositive[];
  /**
   * By entry: number of users who use the overall pool because there is no pool for their attribute value. If the
   * counts of the entry move with the day, the number of groups.
   */
  readonly standIns: readonly number[];
  /** Counts of `exclude.history`, one for each history; empty if the plan has none. */
  readonly histories: readonly HistoryCounts[];
}
export interface UserFigures {
  readonly isKnown: boolean;
  /** Impressions in the window of the split; `chosen` counts those with a positive event. */
  readonly impressions: number;
  readonly positiveImpressions: number;
}

export interface Blocking extends Pick<Grouping, 'hot' | 'candidates'> {
  /** How user ids compare. */
  readonly kind: 'integer' | 'string';
  /** True if the exposures of drawn rows are needed. */
  readonly exposures?: boolean;
  /** True if columns are read at the read times of the groups. Lists read them in any case. */
  readonly readTimes?: boolean;
  /** False if nothing is drawn or ordered by the keys of groups. */
  readonly words?: boolean;
  /** The past items of the users. */
  readonly past?: PastItems;
  /** The short histories of the users, if the plan has `min_steps`. */
  readonly short?: ShortHistories;
}

/**
 * The rows of some users in the form that a sampler needs. The result for a user does not depend on the other users.
 */
export function blockOf(
  plan: StagePlan,
  world: LoadedWorld,
  users: readonly UserRows[],
  { hot, candidates, kind, exposures = false, past = PastItems.none, short = noShortHistories }: Blocking,
): LoadedBlock {
  const order = idOrder(kind);
  const sorted = [...users].sort((a, b) => order(a.user, b.user));
  const logs = sorted.map((rows) => new LabelledLog(rows, plan, world));
  const requests = new Requests();
  const tally = emptyTally();
  const dropped: DroppedPositive[] = [];
  const { groups, origins } = groupsOf(
    logs.map((log, user) =>
      units[plan.unit](log, user, { plan, world, requests, hot, candidates, short, tally, dropped }),
    ),
  );
  const pools = plan.entries.map((entry, k) => poolOfUser(entry, world.pools[k], sorted));
  const byDay = poolsByDay(world, groups, sorted);
  const block: UserBlock = {
    users: sorted.map(({ user }) => user),
    poolOfUser: pools.map((one) => one?.pools ?? null),
    ...(byDay ? { poolOfGroup: byDay.map((one) => one?.pools ?? null) } : {}),
    groups,
    ...excludedOf(plan, logs, world, past),
    positiveItems: chosenOf(logs, world),
    lists: plan.entries.map((entry) => listsOf(entry, logs, requests, world)),
  };
  const outcomes = OutcomeValues.of(plan, { logs, requests, world });
  const ofLog = plan.teacher?.from === 'impressions';
  const drawn = plan.entries.map((entry) =>
    exposures || ofLog || outcomes !== null ? NegativeExposures.forEntry(entry, logs, requests) : null,
  );
  return {
    block,
    origins: { ...origins, drawn },
    teacher: TeacherValues.of(plan, { logs, requests, world }),
    outcomes,
    users: logs.map(figuresOf),
    tally,
    dropped,
    standIns: pools.map((one, k) => (one ?? byDay?.[k])?.standIns ?? 0),
    histories: past.counts,
  };
}

/** The pool of each user or group. `standIns`: how many use the overall pool, as their value has no pool. */
interface ChosenPools {
  readonly pools: Int32Array;
  readonly standIns: number;
}

/** The pool of each user, for an entry whose pools depend on user attributes only. Null for other entries. */
export function poolOfUser(
  entry: StagePlan['entries'][number],
  pools: EntryPools | undefined,
  users: readonly Pick<UserRows, 'attributes'>[],
): ChosenPools | null {
  const names = groupedBy(entry);
  if (names.length === 0 || dailyCount(entry) !== null) return null;
  const numbers = new Map(pools?.pools.map(({ values }, k) => [values ? JSON.stringify(values) : null, k]));
  const userPools = Int32Array.from(users, ({ attributes }) => numbers.get(valuesKey(names, attributes)) ?? 0);
  return { pools: userPools, standIns: userPools.filter((pool) => pool === 0).length };
}

/**
 * By entry: the pool of each group, if its counts move with the day. Null if no entry has such counts.
 * @param users of the groups; empty if no entry counts by attributes
 */
export function poolsByDay(
  { dayTables }: Pick<LoadedWorld, 'dayTables'>,
  { count, offsets, time }: Pick<Groups, 'count' | 'offsets' | 'time'>,
  users: readonly Pick<UserRows, 'attributes'>[],
): (ChosenPools | null)[] | null {
  if (dayTables.every((tables) => tables === null)) return null;
  return dayTables.map((tables) => {
    if (tables === null) return null;
    const pools = new Int32Array(count);
    let standIns = 0;
    for (let user = 0; user + 1 < offsets.length; user++) {
      const attributes = users[user]?.attributes ?? {};
      for (let group = u32At(offsets, user); group < u32At(offsets, user + 1); group++) {
        const { pool, standsIn } = tables.choice.of(f64At(time, group), attributes);
        pools[group] = pool;
        if (standsIn) standIns++;
      }
    }
    return { pools, standIns };
  });
}

function figuresOf(log: LabelledLog): UserFigures {
  let [impressions, positiveImpressions] = [0, 0];
  for (let row = 0; row < log.rows; row++) {
    if (!log.inSplit(row)) continue;
    impressions++;
    if (log.event[row] !== NO_EVENT) positiveImpressions++;
  }
  return {
    isKnown: log.rows > 0 || log.unmatched.rows > 0 || log.rowsOfUser.candidates.item.length > 0,
    impressions,
    positiveImpressions,
  };
}

/**
 * The items excluded for each user, once for each distinct `exclude` of the plan, and which of these applies to each
 * entry.
 */
function excludedOf(
  plan: StagePlan,
  logs: readonly LabelledLog[],
  world: LoadedWorld,
  past: PastItems,
): { readonly excluded: readonly ExcludedItems[]; readonly excludedOf: readonly number[] } {
  const { distinct, of } = distinctExcludes(plan);
  const users = logs.map(({ rowsOfUser: { user } }) => user);
  return {
    excluded: distinct.map((exclude, k) => withPastItems(excludedItems(exclude, logs, world), past.ofUsers(k, users))),
    excludedOf: of,
  };
}

function excludedItems(
  exclude: NonNullable<PlanExclude>,
  logs: readonly LabelledLog[],
  world: LoadedWorld,
): ExcludedItems {
  const { events, lookback } = exclude;
  const { items } = world;
  const { from, to } = excludingTime(exclude, world);
  const owned = new OwnedItems(items.count);
  logs.forEach((log, user) => {
    const holds = events.map((name) => log.holds(name, to));
    for (let row = 0; row < log.rows; row++) {
      const time = log.time(row);
      if (time >= from && time <= to && holds.some((event) => event(row))) owned.add(user, log.item(row), time);
    }
    const { unmatched } = log;
    const eventFlags = events.map((name) => unmatched.events.events[name]);
    for (let row = 0; row < unmatched.rows; row++)
      if (unmatched.isWithin(row, { from, to }) && eventFlags.some((flags) => flags?.[row] === 1))
        owned.add(user, unmatched.item(row), unmatched.time(row));
  });
  const { values: last, ...userItems } = owned.rows(logs.length);
  return { ...userItems, last, lookback: lookback ?? Infinity };
}

/**
 * Items with a certain or possible positive event between the start of the training window and the end of the known
 * outcomes.
 */
function chosenOf(logs: readonly LabelledLog[], { items }: LoadedWorld): UserItems {
  const owned = new OwnedItems(items.count);
  logs.forEach((log, user) => {
    for (let row = 0; row < log.rows; row++)
      if ((log.isPositive(row) || log.isUnknown(row)) && log.inHistory(row)) owned.add(user, log.item(row));
    const { unmatched } = log;
    for (let row = 0; row < unmatched.rows; row++) if (unmatched.isChosen(row)) owned.add(user, unmatched.item(row));
  });
  return owned.rows(logs.length);
}
