import type { StagePlan } from '../../../../core/sampling/plan/stagePlan.ts';
import { dailyCount } from '../../../../core/source/options.ts';
import type { World } from '../../../../core/sampling/world/world.ts';
import { f64At } from '../../../../core/valueAt.ts';

/**
 * Whether `PoolDrawBatch` supports a plan: one pool for all users, or pools by attributes of the positive, and users with
 * constant exclusions.
 */
export function drawsInWasm({ unit, entries }: StagePlan): boolean {
  const [entry, ...others] = entries;
  return (
    unit !== 'impression' &&
    others.length === 0 &&
    entry?.draws.kind === 'pool' &&
    entry.draws.partition?.by !== 'user' &&
    dailyCount(entry) === null &&
    (entry.exclude?.lookback ?? null) === null
  );
}

/**
 * Maximum bytes for the copy of its pools. By item of a pool: columns, numbers, classes and their weights. By item of the
 * world: classes, pools, and states if items have dates. By state: sums. Several pools are put together before they are
 * copied.
 */
export function copyBytes({ pools: [entry], items: { count, created, removed } }: World): number {
  const pools = entry?.pools ?? [];
  const pooled = pools.reduce((sum, pool) => sum + pool.items.length, 0);
  let dates = 0;
  for (let item = 0; item < count; item++)
    dates += (f64At(created, item) > -Infinity ? 1 : 0) + (f64At(removed, item) < Infinity ? 1 : 0);
  const byItem = entry?.ofItem ?? null;
  const one =
    pooled * (8 + 4 + 4 + 16) +
    count * (4 + (dates > 0 ? 8 : 0) + (byItem ? 4 : 0)) +
    (Math.min(dates, 2 * pooled) + (byItem ? pools.length : 0)) * 16;
  return byItem ? 2 * one + pools.length * 24 : one;
}
