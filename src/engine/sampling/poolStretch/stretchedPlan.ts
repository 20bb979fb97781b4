import type { StagePlan } from '../../../core/sampling/plan/stagePlan.ts';
import type { World } from '../../../core/sampling/world/world.ts';

/** Whether `PoolStretch` draws what a plan says: from one pool for everybody, for users whose exclusions stay. */
export function isStretched({ unit, entries }: StagePlan): boolean {
  const [entry, ...others] = entries;
  return (
    unit !== 'impression' &&
    others.length === 0 &&
    entry?.draws.kind === 'pool' &&
    entry.draws.partition === null &&
    (entry.exclude?.lookback ?? null) === null
  );
}

/** Bytes of the copy of its pool, at most: columns, numbers, classes and their weights by item of the pool; classes, and where items have dates states, by item of the world; sums by state. */
export function copyBytes({ pools: [entry], items: { count, created, removed } }: World): number {
  const pooled = entry?.pools[0]?.items.length ?? 0;
  let dates = 0;
  for (let item = 0; item < count; item++)
    dates += ((created[item] ?? -Infinity) > -Infinity ? 1 : 0) + ((removed[item] ?? Infinity) < Infinity ? 1 : 0);
  return pooled * (8 + 4 + 4 + 16) + count * (4 + (dates > 0 ? 8 : 0)) + Math.min(dates, 2 * pooled) * 16;
}
