import type { PlanExclude, StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { ExcludedItems, UserItems } from '../../core/sampling/world/world.ts';
import type { LoadedWorld } from '../inputs/world/loadedWorld.ts';
import { distinctExcludes, excludingTime } from './distinctExcludes.ts';
import type { PastItems } from './history/pastItems.ts';
import { withPastItems } from './history/withPastItems.ts';
import type { LabelledLog } from './labelledLog.ts';
import { OwnedItems } from './ownedItems.ts';

/**
 * The items excluded for each user, once for each distinct `exclude` of the plan, and which of these applies to each
 * entry.
 */
export function excludedOf(
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
    const held = events.map((name) => unmatched.events.events[name]);
    for (let row = 0; row < unmatched.rows; row++)
      if (unmatched.isWithin(row, { from, to }) && held.some((flags) => flags?.[row] === 1))
        owned.add(user, unmatched.item(row), unmatched.time(row));
  });
  const { values, ...rest } = owned.rows(logs.length);
  return { ...rest, last: values, lookback: lookback ?? Infinity };
}

/**
 * Items with a positive event, or with one that may have happened, between the start of the training window and the
 * time until which outcomes are known.
 */
export function chosenOf(logs: readonly LabelledLog[], { items }: LoadedWorld): UserItems {
  const owned = new OwnedItems(items.count);
  logs.forEach((log, user) => {
    for (let row = 0; row < log.rows; row++)
      if ((log.isPositive(row) || log.isUnknown(row)) && log.inHistory(row)) owned.add(user, log.item(row));
    const { unmatched } = log;
    for (let row = 0; row < unmatched.rows; row++) if (unmatched.isChosen(row)) owned.add(user, unmatched.item(row));
  });
  return owned.rows(logs.length);
}
