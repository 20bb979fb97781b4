import { message } from '../../message/message.ts';
import { defineMetric, quotient, type Measured, type MetricTable } from '../metric.ts';
import { wilsonInterval } from '../../statistics/wilsonInterval.ts';

export interface DifficultyCounts {
  /** By entry and attribute of the items. */
  readonly attributes: readonly {
    readonly entry: string | null;
    readonly attribute: string;
    /** Negatives for which both the item and the positive have a value, and those with equal values. */
    readonly rows: number;
    readonly same: number;
    /** Expected number of equal values if the items were drawn from the input. */
    readonly expected: number;
  }[];
  /** By entry and column of the candidates. */
  readonly candidates: readonly {
    readonly entry: string | null;
    readonly of: 'rank' | 'score';
    readonly rows: number;
    /** Negatives with a value: the item is a candidate of the request. */
    readonly known: number;
    readonly p5: number | null;
    readonly p50: number | null;
    readonly p95: number | null;
  }[];
}

/**
 * How similar the negatives are to the positives: the share of negatives whose item has the same attribute as the
 * positive, compared with items of the input; and quantiles of rank and score among the candidates.
 */
export const difficulty = defineMetric({
  id: 'difficulty',
  title: message('Difficulty of the negatives'),
  measure({ attributes, candidates }: DifficultyCounts): Measured {
    const tables: MetricTable[] = [
      {
        id: 'attributes',
        shape: 'list',
        columns: [
          { id: 'attribute', label: message('attribute'), unit: 'text' },
          { id: 'entry', label: message('entry'), unit: 'text' },
          { id: 'rows', label: message('rows'), unit: 'count' },
          { id: 'same', label: message('same as the positive'), unit: 'share' },
          { id: 'low', label: message('low'), unit: 'share' },
          { id: 'high', label: message('high'), unit: 'share' },
          { id: 'expected', label: message('in the input'), unit: 'share' },
        ],
        rows: attributes.map(({ entry, attribute, rows, same, expected }) => {
          const { low, high } = wilsonInterval(same, rows);
          return [attribute, entry, rows, quotient(same, rows), low, high, quotient(expected, rows)];
        }),
      },
      {
        id: 'candidates',
        shape: 'list',
        columns: [
          {
            id: 'of',
            label: message('of the candidates'),
            unit: 'text',
            texts: { rank: message('rank'), score: message('score') },
          },
          { id: 'entry', label: message('entry'), unit: 'text' },
          { id: 'rows', label: message('rows'), unit: 'count' },
          { id: 'known', label: message('with a value'), unit: 'share' },
          { id: 'p5', label: message('p5'), unit: 'number' },
          { id: 'p50', label: message('p50'), unit: 'number' },
          { id: 'p95', label: message('p95'), unit: 'number' },
        ],
        rows: candidates.map(({ of, entry, rows, known, p5, p50, p95 }) => [
          of,
          entry,
          rows,
          quotient(known, rows),
          p5,
          p50,
          p95,
        ]),
      },
    ];
    return { figures: [], tables: tables.filter((table) => table.rows.length > 0), notes: [] };
  },
});
