import { comparisonProblemIn, comparisonsOf } from '../../core/data/comparison.ts';
import type { Facts } from '../../core/data/facts.ts';
import type { Message } from '../../core/message/message.ts';
import type { PlanEntry } from '../../core/sampling/plan/stagePlan.ts';

/** Why the `where` of an entry cannot be decided by the columns of the items; null if it can, or if there is none. */
export function conditionLack({ draws }: PlanEntry, facts: Facts): Message | null {
  const items = facts.dataset('items');
  if (draws.kind !== 'pool' || !draws.where || items?.state !== 'known') return null;
  return comparisonProblemIn(comparisonsOf(draws.where), items)?.message ?? null;
}
