import { f64At } from '../../valueAt.ts';
import { message } from '../../message/message.ts';
import { ownPopularity } from '../inputText.ts';
import { sharesByRank, sumOf, type ItemCounts } from '../../statistics/itemCounts.ts';
import { defineMetric, type Measured } from '../metric.ts';

/**
 * Gini coefficient of weights ≥ 0, zeros included: 0 if all are equal, near 1 if few have everything. Null if the sum
 * is 0.
 */
export function gini(weights: Float64Array): number | null {
  const total = sumOf(weights);
  if (total === 0) return null;
  const sorted = weights.slice().sort();
  let sum = 0;
  for (let k = 0; k < sorted.length; k++) sum += (2 * (k + 1) - sorted.length - 1) * f64At(sorted, k);
  return sum / (sorted.length * total);
}

/**
 * 2^H with the entropy H in bits: the number of equally frequent items with the same diversity. Null if the sum is 0.
 */
export function effectiveItems(weights: Float64Array): number | null {
  const total = sumOf(weights);
  if (total === 0) return null;
  let entropy = 0;
  for (const weight of weights) if (weight > 0) entropy -= (weight / total) * Math.log2(weight / total);
  return 2 ** entropy;
}

/**
 * Gini coefficient, effective items 2^H, and the share of the 1 % most popular items, of the positives, the negatives and
 * the input. Hot ratio = share of the 1 % most popular items among the negatives / among the positives.
 */
export const concentration = defineMetric({
  id: 'concentration',
  title: message('Concentration on popular items'),
  measure(counts: ItemCounts): Measured {
    const items = counts.popularity.length;
    const topShare = (weights: Float64Array): number | null =>
      sumOf(weights) === 0 ? null : (sharesByRank(counts.popularity, weights, [0, Math.ceil(items / 100)])[0] ?? null);
    const [positives, negatives] = [topShare(counts.positives), topShare(counts.negatives)];
    const sides = [
      { id: 'positives', weights: counts.positives },
      { id: 'negatives', weights: counts.negatives },
      ...(counts.input === null ? [] : [{ id: 'input', weights: counts.input }]),
    ];
    return {
      figures: [
        {
          id: 'hot_ratio',
          label: message('hot ratio'),
          unit: 'ratio',
          value: positives === null || negatives === null || positives === 0 ? null : negatives / positives,
        },
      ],
      tables: [
        {
          id: 'distributions',
          shape: 'list',
          columns: [
            {
              id: 'of',
              label: message('population'),
              unit: 'text',
              texts: { positives: message('positives'), negatives: message('negatives'), input: message('input') },
            },
            { id: 'top_share', label: message('share of the top 1 %'), unit: 'share' },
            { id: 'gini', label: message('Gini'), unit: 'number' },
            { id: 'effective_items', label: message('effective items'), unit: 'number' },
          ],
          rows: sides.map(({ id, weights }) => [id, topShare(weights), gini(weights), effectiveItems(weights)]),
        },
      ],
      notes: counts.fromLog ? [] : [ownPopularity],
    };
  },
});
