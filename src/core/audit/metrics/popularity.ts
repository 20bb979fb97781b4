import { valueAt } from '../../valueAt.ts';
import { message } from '../../message/message.ts';
import { inputNotes, ownPopularity } from '../inputText.ts';
import { equalRanges, sharesByRank, type ItemCounts } from '../../statistics/itemCounts.ts';
import { defineMetric, type Measured, type MetricTable } from '../metric.ts';

const BINS = 100;

/**
 * Shares of the positives P, the negatives N and the input S by popularity: in 100 ranges with equally many items, the
 * most popular first; and by rank, in ranges that double: 1, 2–3, 4–7, …
 */
export const popularity = defineMetric({
  id: 'popularity',
  title: message('Popularity curve'),
  measure(counts: ItemCounts): Measured {
    const items = counts.popularity.length;
    const lines = [
      { id: 'positives', label: message('positives'), weights: counts.positives },
      { id: 'negatives', label: message('negatives'), weights: counts.negatives },
      ...(counts.input === null ? [] : [{ id: 'input', label: message('input'), weights: counts.input }]),
    ];
    const table = (
      id: string,
      first: MetricTable['columns'][number],
      bounds: readonly number[],
      name: (k: number) => number | string,
    ): MetricTable => {
      const shares = lines.map(({ weights }) => sharesByRank(counts.popularity, weights, bounds));
      return {
        id,
        shape: 'curve',
        columns: [first, ...lines.map((line) => ({ id: line.id, label: line.label, unit: 'share' as const }))],
        rows: Array.from({ length: bounds.length - 1 }, (_, k) => [name(k), ...shares.map((line) => valueAt(line, k))]),
      };
    };
    const ranks = [0];
    for (let rank = 1; rank <= items; rank *= 2) ranks.push(Math.min(items, 2 * rank - 1));
    return {
      figures: [{ id: 'items', label: message('items'), unit: 'count', value: items }],
      tables:
        items === 0
          ? []
          : [
              table(
                'percentiles',
                { id: 'percentile', label: message('percentile of popularity'), unit: 'number' },
                equalRanges(items, BINS),
                (k) => BINS - k,
              ),
              {
                ...table(
                  'ranks',
                  { id: 'from_rank', label: message('from rank'), unit: 'count' },
                  ranks,
                  (k) => valueAt(ranks, k) + 1,
                ),
                shape: 'list',
              },
            ],
      notes: [
        ...(counts.inputName === null ? [] : [inputNotes[counts.inputName]]),
        ...(counts.fromLog ? [] : [ownPopularity]),
      ],
    };
  },
});
