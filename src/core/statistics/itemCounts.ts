import { f64At, valueAt } from '../valueAt.ts';

/** What the negatives of a stage are drawn from or compared with. */
export type StageInput = 'corpus' | 'corpus_by_impressions' | 'candidates' | 'exposures';

/** Weights of all items in the sample and its inputs, most popular first. All arrays have one value for each item. */
export interface ItemCounts {
  /** Positive events of the log until the training cut; without a log, positives of the sample. Descending. */
  readonly popularity: Float64Array;
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
  /** Negatives by entry, for the entries with the most rows; empty if the entries are not known. */
  readonly entries: readonly { readonly entry: string | null; readonly negatives: Float64Array }[];
  /** Weight in the input of the stage; null if the input is not known. */
  readonly input: Float64Array | null;
  /** Exposures in the window of the split; null without a log. */
  readonly exposures: Float64Array | null;
  readonly inputName: StageInput | null;
  /** True if `popularity` comes from the log. */
  readonly fromLog: boolean;
}

export function sumOf(weights: Float64Array): number {
  let sum = 0;
  for (const weight of weights) sum += weight;
  return sum;
}

/**
 * Shares of the weights by popularity rank. `bounds`: increasing ranks from 0; the result has one share for each range
 * between neighbouring bounds. The weight of equally popular items is spread evenly over their ranks. All shares are 0
 * if the total weight is 0.
 */
export function sharesByRank(
  popularity: Float64Array,
  weights: Float64Array,
  bounds: readonly number[],
): readonly number[] {
  const shares = new Float64Array(Math.max(0, bounds.length - 1));
  const total = sumOf(weights);
  let bin = 0;
  for (let from = 0; from < popularity.length;) {
    let to = from;
    let weight = 0;
    while (to < popularity.length && f64At(popularity, to) === f64At(popularity, from)) weight += f64At(weights, to++);
    while (bin < shares.length && valueAt(bounds, bin + 1) <= from) bin++;
    for (let k = bin; k < shares.length; k++) {
      const [low, high] = [Math.max(from, valueAt(bounds, k)), Math.min(to, valueAt(bounds, k + 1))];
      if (low >= to) break;
      if (high > low && total > 0) shares[k] = f64At(shares, k) + (weight * (high - low)) / (to - from) / total;
    }
    from = to;
  }
  return [...shares];
}

/** Bounds of `count` ranges with equally many of `items` ranks each. */
export function equalRanges(items: number, count: number): number[] {
  return Array.from({ length: count + 1 }, (_, k) => (items * k) / count);
}
