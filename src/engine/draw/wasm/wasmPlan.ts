import type { StagePlan } from '../../../core/sampling/plan/stagePlan.ts';
import { dailyCount } from '../../../core/source/options.ts';
import type { EntryPools, World } from '../../../core/sampling/world/world.ts';
import { f64At } from '../../../core/valueAt.ts';

/**
 * Whether WebAssembly supports a plan: each entry has one pool for all users, or pools by attributes of the positive,
 * and constant exclusions.
 */
export function drawsInWasm({ unit, entries }: StagePlan): boolean {
  return (
    unit !== 'impression' &&
    entries.length > 0 &&
    entries.every(
      (entry) =>
        entry.draws.kind === 'pool' &&
        entry.draws.partition?.by !== 'user' &&
        dailyCount(entry) === null &&
        (entry.exclude?.lookback ?? null) === null,
    )
  );
}

/**
 * Maximum bytes for the copies of the pools of all entries. By item of a pool: columns, numbers, classes and their
 * weights. By item of the world: classes, pools, and states if items have dates. By state: sums. Several
 * pools are put together before they are copied.
 */
export function copyBytes({ pools, items: { count, created, removed } }: World): number {
  let dates = 0;
  for (let item = 0; item < count; item++)
    dates += (f64At(created, item) > -Infinity ? 1 : 0) + (f64At(removed, item) < Infinity ? 1 : 0);
  return pools.reduce((sum, entry) => sum + bytesOfEntry(entry, count, dates), 0);
}

function bytesOfEntry({ pools, ofItem: byItem }: EntryPools, count: number, dates: number): number {
  const pooled = pools.reduce((sum, pool) => sum + pool.items.length, 0);
  const one =
    pooled * (8 + 4 + 4 + 16) +
    count * (4 + (dates > 0 ? 8 : 0) + (byItem ? 4 : 0)) +
    (Math.min(dates, 2 * pooled) + (byItem ? pools.length : 0)) * 16;
  if (byItem) return 2 * one + pools.length * 24;
  // Classes by item of a small pool are made for the copy.
  return 4 * pooled < count ? one + 4 * count : one;
}
