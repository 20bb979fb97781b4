import { groupBy } from './groupBy.ts';
import type { LogSample } from './logChecks.ts';
import type { FileRow } from './sampledLog.ts';

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
const mass = (rows: readonly FileRow[]): number => sum(rows.map(({ correction }) => Math.exp(-(correction ?? NaN))));

/**
 * Effective shares of the entries at equal scores, from the columns of the file: the mean over groups of each entry's
 * sum of exp(−logq_correction) by that of all negatives, with the in-batch negatives in the denominator.
 * @param batchSize of `training.in_batch`; null: without it
 */
export function effectiveShares({ rows, groups }: LogSample, batchSize: number | null): ReadonlyMap<string, number> {
  const positives = rows.filter(({ label }) => label === 1);
  const asOthers = positives.map(({ batchCorrection }) => Math.exp(-(batchCorrection ?? NaN)));
  const batch = batchSize === null ? 0 : ((batchSize - 1) * sum(asOthers)) / positives.length;
  const shares = new Map<string, number>();
  let counted = 0;
  for (const group of groups.values()) {
    const negatives = group.filter(({ label }) => label === 0);
    if (negatives.length === 0) continue;
    counted++;
    const all = mass(negatives) + batch;
    for (const [entry, own] of groupBy(negatives, (row) => row.entry ?? ''))
      shares.set(entry, (shares.get(entry) ?? 0) + mass(own) / all);
  }
  return new Map([...shares].map(([entry, total]) => [entry, total / counted]));
}
