import { message } from '../../message/message.ts';
import { defineMetric, quotient, type Measured } from '../metric.ts';
import { wilsonInterval } from '../../statistics/wilsonInterval.ts';

/** A further column of labels. A row is positive in it if the value is above 0. */
export interface FurtherLabel {
  readonly column: string;
  /** Rows of the sample; rows with a value in this column; rows that are positive in this column. */
  readonly rows: number;
  readonly known: number;
  readonly positives: number;
  /** Rows that are positive in this column, by their label: positives and negatives. */
  readonly ofPositives: number;
  readonly ofNegatives: number;
}

/** Rates of further label columns, and how they agree with the label of the rows. */
export const labels = defineMetric({
  id: 'labels',
  title: message('Further labels'),
  measure(counts: readonly FurtherLabel[]): Measured {
    return {
      figures: [],
      tables: [
        {
          id: 'columns',
          shape: 'list',
          columns: [
            { id: 'column', label: message('column'), unit: 'text' },
            { id: 'known', label: message('with a value'), unit: 'share' },
            { id: 'positives', label: message('positives'), unit: 'count' },
            { id: 'rate', label: message('positive rate'), unit: 'share' },
            { id: 'low', label: message('low'), unit: 'share' },
            { id: 'high', label: message('high'), unit: 'share' },
            { id: 'of_positives', label: message('of them in positives'), unit: 'count' },
            { id: 'of_negatives', label: message('of them in negatives'), unit: 'count' },
          ],
          rows: counts.map(({ column, rows, known, positives, ofPositives, ofNegatives }) => {
            const { low, high } = wilsonInterval(positives, known);
            return [
              column,
              quotient(known, rows),
              positives,
              quotient(positives, known),
              low,
              high,
              ofPositives,
              ofNegatives,
            ];
          }),
        },
      ],
      notes: [],
    };
  },
});
