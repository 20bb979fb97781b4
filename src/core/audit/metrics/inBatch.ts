import { message } from '../../message/message.ts';
import { sumOf } from '../../statistics/itemCounts.ts';
import { defineMetric, type Measured } from '../metric.ts';

export interface InBatchCounts {
  /** Positives by item. */
  readonly positives: Float64Array;
  /** Batch size of the config; null if the config has no in-batch negatives. */
  readonly batchSize: number | null;
}

/** Batch sizes that are shown in addition to that of the config. */
const sizes = [256, 1024, 4096];

/**
 * Accidental hits Σ p_i (1 − (1 − p_i)^(B − 1)): the share of the positives whose item is also the positive of another row
 * of its batch of B random rows, with the shares p of the items among the positives. Null without positives.
 */
export function accidentalHits(positives: Float64Array, batchSize: number): number | null {
  const total = sumOf(positives);
  if (total === 0) return null;
  let hits = 0;
  for (const count of positives) {
    const p = count / total;
    // By logarithms: (1 − p)^(B − 1) loses its digits for small p.
    if (p > 0) hits += p === 1 ? Number(batchSize > 1) : -p * Math.expm1((batchSize - 1) * Math.log1p(-p));
  }
  return hits;
}

/** Accidental hits that in-batch negatives would have. */
export const inBatch = defineMetric({
  id: 'in_batch',
  title: message('Accidental hits in a batch'),
  measure({ positives, batchSize }: InBatchCounts): Measured {
    const batchSizes = [...new Set([...(batchSize === null ? [] : [batchSize]), ...sizes])].sort((a, b) => a - b);
    return {
      figures:
        batchSize === null
          ? []
          : [
              {
                id: 'hits',
                label: message('positives with a hit, by the batch size of the config'),
                unit: 'share',
                value: accidentalHits(positives, batchSize),
              },
            ],
      tables: [
        {
          id: 'batch_sizes',
          shape: 'list',
          columns: [
            { id: 'batch_size', label: message('batch size'), unit: 'count' },
            { id: 'hits', label: message('positives with a hit'), unit: 'share' },
          ],
          rows: batchSizes.map((size) => [size, accidentalHits(positives, size)]),
        },
      ],
      notes: [],
    };
  },
});
