import type { PlanExclude, StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { LoadedWorld } from '../inputs/world/loadedWorld.ts';
import type { Bounds } from '../inputs/world/within.ts';

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
