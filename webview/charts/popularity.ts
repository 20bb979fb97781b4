import { valueAt } from '../../src/core/valueAt.ts';

/**
 * Popularity bins, hottest first. `to`: the upper end of each bin as a cumulative share of the corpus (0 to 1],
 * ascending.
 */
export interface PopularityAxis {
  readonly to: readonly number[];
}

/** Cumulative share of the rows up to the end of each bin; all 0 if there are no rows. */
export function cumulative(counts: readonly number[]): number[] {
  const total = counts.reduce((a, b) => a + b, 0);
  let sum = 0;
  return counts.map((count) => {
    sum += count;
    return total === 0 ? 0 : sum / total;
  });
}

/**
 * Number of decades on the logarithmic axis: 5 for a large corpus (0.001 % to 100 %), fewer if its hottest bin is
 * wider.
 */
export function decadesOf({ to }: PopularityAxis): number {
  const smallest = to.find((share) => share > 0) ?? 1;
  return Math.min(5, Math.max(1, Math.ceil(-Math.log10(smallest) - 1e-9)));
}

/** Position on the axis, from 0 to 1. */
export function placeOf(share: number, decades: number): number {
  return share <= 0 ? 0 : Math.min(1, Math.max(0, 1 + Math.log10(share) / decades));
}

/** Share of the rows in the hottest `share` of the corpus; linear interpolation between the ends of bins. */
export function shareWithin({ to }: PopularityAxis, counts: readonly number[], share: number): number {
  const sums = cumulative(counts);
  const k = to.findIndex((end) => end >= share);
  if (k < 0) return sums.at(-1) ?? 0;
  const start = k === 0 ? 0 : valueAt(to, k - 1);
  const sumBefore = k === 0 ? 0 : valueAt(sums, k - 1);
  const end = valueAt(to, k);
  return end <= start
    ? valueAt(sums, k)
    : sumBefore + (valueAt(sums, k) - sumBefore) * ((share - start) / (end - start));
}

/** The rows of other bins in the bins of an axis; linear interpolation between the ends of bins. */
export function inBinsOf(axis: PopularityAxis, own: PopularityAxis, counts: readonly number[]): readonly number[] {
  if (axis.to.length === own.to.length && axis.to.every((end, k) => end === own.to[k])) return counts;
  const rows = counts.reduce((a, b) => a + b, 0);
  const sums = axis.to.map((end) => rows * shareWithin(own, counts, end));
  return sums.map((sum, k) => sum - (k === 0 ? 0 : valueAt(sums, k - 1)));
}

/** Share of the rows in each quarter decade of the axis. */
export function byQuarterDecade(axis: PopularityAxis, counts: readonly number[]): number[] {
  const parts = decadesOf(axis) * 4;
  const ends = Array.from({ length: parts }, (_, k) => 10 ** ((k + 1 - parts) / 4));
  const sums = ends.map((end) => shareWithin(axis, counts, end));
  return sums.map((sum, k) => sum - (k === 0 ? 0 : valueAt(sums, k - 1)));
}
