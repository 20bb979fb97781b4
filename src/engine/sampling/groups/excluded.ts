import type { PlanExclude, StagePlan } from '../../../core/sampling/plan/stagePlan.ts';
import type { ExcludedItems, UserItems } from '../../../core/sampling/world/world.ts';
import type { Bounds } from '../inputs/world/within.ts';
import type { LoadedWorld } from '../inputs/world/loadedWorld.ts';
import type { JudgedLog } from './judgedLog.ts';
import { OwnedItems } from './ownedItems.ts';

/**
 * The items excluded for each user, once for each distinct `exclude` of the plan, and which of these applies to each
 * entry.
 */
export function excludedOf(
  plan: StagePlan,
  logs: readonly JudgedLog[],
  world: LoadedWorld,
): { readonly excluded: readonly ExcludedItems[]; readonly excludedOf: readonly number[] } {
  const { distinct, of } = distinctExcludes(plan);
  return { excluded: distinct.map((exclude) => excludedItems(exclude, logs, world)), excludedOf: of };
}

/** Each distinct `exclude` of a plan. `of`: by entry, its index in `distinct`; -1 without one. */
export function distinctExcludes({ entries }: StagePlan): {
  readonly distinct: readonly NonNullable<PlanExclude>[];
  readonly of: readonly number[];
} {
  const distinct = new Map(
    entries.flatMap(({ exclude }) => (exclude ? [[JSON.stringify(exclude), exclude] as const] : [])),
  );
  const keys = [...distinct.keys()];
  return {
    distinct: [...distinct.values()],
    of: entries.map(({ exclude }) => (exclude === null ? -1 : keys.indexOf(JSON.stringify(exclude)))),
  };
}

/**
 * The time range in which an event excludes. `within: all` is open at both ends. A lookback replaces the start of the
 * window, not the end.
 */
export function excludingTime(
  { within, lookback }: NonNullable<PlanExclude>,
  { start, knownUntil }: Pick<LoadedWorld, 'start' | 'knownUntil'>,
): Bounds {
  return {
    from: within === 'all' || lookback !== null ? -Infinity : start,
    to: within === 'all' ? Infinity : knownUntil,
  };
}

function excludedItems(
  exclude: NonNullable<PlanExclude>,
  logs: readonly JudgedLog[],
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
    const held = events.map((name) => unmatched.events.events[name]);
    for (let row = 0; row < unmatched.rows; row++)
      if (unmatched.isWithin(row, { from, to }) && held.some((flags) => flags?.[row] === 1))
        owned.add(user, unmatched.item(row), unmatched.time(row));
  });
  const { values, ...rest } = owned.rows(logs.length);
  return { ...rest, last: values, lookback: lookback ?? Infinity };
}

/** Items with a positive event between the start of the training window and the time until which outcomes are known. */
export function chosenOf(logs: readonly JudgedLog[], { items }: LoadedWorld): UserItems {
  const owned = new OwnedItems(items.count);
  logs.forEach((log, user) => {
    for (let row = 0; row < log.rows; row++)
      if (log.isPositive(row) && log.inHistory(row)) owned.add(user, log.item(row));
    const { unmatched } = log;
    for (let row = 0; row < unmatched.rows; row++) if (unmatched.isChosen(row)) owned.add(user, unmatched.item(row));
  });
  return owned.rows(logs.length);
}
