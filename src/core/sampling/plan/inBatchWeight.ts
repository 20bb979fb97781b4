import type { StagePlan } from './stagePlan.ts';

type BatchPlan = Pick<StagePlan, 'amounts' | 'entries' | 'inBatch'>;

/** Requested negatives per positive. Shortfalls do not reduce it. */
export function negativesPerPositive({ amounts, entries }: Pick<StagePlan, 'amounts' | 'entries'>): number {
  return amounts.kind === 'shares' ? amounts.perGroup : entries.reduce((sum, { amount }) => sum + amount, 0);
}

/**
 * How many drawn rows the in-batch negatives of one positive count as: batch_size − 1 without
 * `training.in_batch.weight`. With weight w and n drawn negatives: n·w/(1 − w), so that in-batch negatives are the
 * fraction w of all negatives.
 */
export function effectiveBatchRows(plan: BatchPlan): number {
  const { inBatch } = plan;
  if (inBatch === null) return 0;
  const { weight, batchSize } = inBatch;
  return weight === undefined ? batchSize - 1 : (negativesPerPositive(plan) * weight) / (1 - weight);
}
