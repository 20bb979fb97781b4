import type { PlanEntry, StagePlan } from '../../core/sampling/plan/stagePlan.ts';

/** The plan with fewer entries. If the entry that refills shortfalls is gone, shortfalls stay. */
export function withEntries(plan: StagePlan, entries: readonly PlanEntry[]): StagePlan {
  const filling = plan.refillFrom === null ? undefined : plan.entries[plan.refillFrom];
  const refillFrom = filling ? entries.indexOf(filling) : -1;
  return {
    ...plan,
    entries,
    ...(refillFrom < 0
      ? { refillFrom: null, onShortfall: plan.onShortfall === 'refill' ? ('keep' as const) : plan.onShortfall }
      : { refillFrom }),
  };
}
