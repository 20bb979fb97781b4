import type { StagePlan } from './stagePlan.ts';

type Weighed = Pick<StagePlan, 'amounts' | 'entries' | 'inBatch'>;

/** Negatives that a plan requests for each positive. Shortfalls do not lower the number. */
export function negativesPerPositive({ amounts, entries }: Pick<StagePlan, 'amounts' | 'entries'>): number {
  return amounts.kind === 'shares' ? amounts.perGroup : entries.reduce((sum, { amount }) => sum + amount, 0);
}

/**
 * Number of drawn rows that all in-batch negatives of a positive count as: batch_size − 1 without
 * `training.in_batch.weight`. With the weight w, n·w/(1 − w) for n drawn negatives, so that they are w of the sum at
 * equal scores: n·w/(1 − w) / (n + n·w/(1 − w)) = w.
 */
export function effectiveBatchRows(plan: Weighed): number {
  const { inBatch } = plan;
  if (inBatch === null) return 0;
  const { weight, batchSize } = inBatch;
  return weight === undefined ? batchSize - 1 : (negativesPerPositive(plan) * weight) / (1 - weight);
}
