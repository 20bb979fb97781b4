import { message } from '../../message/message.ts';
import { defineMetric, quotient, type Measured } from '../metric.ts';

export interface ByCounts {
  /** The column that rows are grouped by, or `day` or `split`. */
  readonly by: string;
  /** The values with the most rows. Days and splits are in ascending order. */
  readonly values: readonly {
    readonly value: string | null;
    readonly rows: number;
    readonly positives: number;
    readonly negatives: number;
    readonly users: number | null;
    readonly items: number;
  }[];
  /** Rows of the sample, and distinct values of the column. */
  readonly rows: number;
  readonly distinct: number;
}

/** Counts of the rows for each value of a column that the user picks. */
export const by = defineMetric({
  id: 'by',
  title: message('By value'),
  measure({ by: name, values, rows, distinct }: ByCounts): Measured {
    return {
      figures: [
        { id: 'by', label: message('grouped by'), unit: 'text', value: name },
        { id: 'values', label: message('different values'), unit: 'count', value: distinct },
      ],
      tables: [
        {
          id: 'values',
          shape: 'list',
          columns: [
            { id: 'value', label: message('value'), unit: 'text' },
            { id: 'rows', label: message('rows'), unit: 'count' },
            { id: 'share', label: message('share'), unit: 'share' },
            { id: 'positives', label: message('positives'), unit: 'count' },
            { id: 'positive_rate', label: message('positive rate'), unit: 'share' },
            { id: 'negatives_per_positive', label: message('negatives per positive'), unit: 'ratio' },
            { id: 'users', label: message('users'), unit: 'count' },
            { id: 'items', label: message('items'), unit: 'count' },
          ],
          rows: values.map((group) => [
            group.value,
            group.rows,
            quotient(group.rows, rows),
            group.positives,
            quotient(group.positives, group.positives + group.negatives),
            quotient(group.negatives, group.positives),
            group.users,
            group.items,
          ]),
        },
      ],
      notes:
        values.length < distinct ? [message('Only the {0} values with the most rows are listed', values.length)] : [],
    };
  },
});
