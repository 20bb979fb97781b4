import { message } from '../../message/message.ts';
import { formatCount } from '../../table/format.ts';
import { defineMetric, quotient, type Measured } from '../metric.ts';

/** NULLs of the columns without a role. NaN counts as NULL. */
export interface NullCounts {
  readonly positives: number;
  readonly negatives: number;
  readonly columns: readonly {
    readonly column: string;
    readonly ofPositives: number;
    readonly ofNegatives: number;
  }[];
}

/** How often columns are NULL in positives and in negatives. The largest difference comes first. */
export const nulls = defineMetric({
  id: 'nulls',
  title: message('NULL by label'),
  measure({ positives, negatives, columns }: NullCounts): Measured {
    const rows = columns
      .filter(({ ofPositives, ofNegatives }) => ofPositives + ofNegatives > 0)
      .map(({ column, ofPositives, ofNegatives }) => ({
        column,
        positives: { count: ofPositives, share: quotient(ofPositives, positives) },
        negatives: { count: ofNegatives, share: quotient(ofNegatives, negatives) },
      }))
      .map((row) => ({ ...row, difference: Math.abs((row.positives.share ?? 0) - (row.negatives.share ?? 0)) }))
      .sort((a, b) => b.difference - a.difference);
    const complete = columns.length - rows.length;
    return {
      figures: [
        { id: 'columns', label: message('columns with NULL'), value: rows.length, unit: 'count' },
        {
          id: 'difference',
          label: message('largest difference of the shares'),
          value: rows[0]?.difference ?? 0,
          unit: 'share',
        },
      ],
      tables: [
        {
          id: 'columns',
          shape: 'list',
          columns: [
            { id: 'column', label: message('column'), unit: 'text' },
            { id: 'null_positives', label: message('NULL in positives'), unit: 'count' },
            { id: 'positives', label: message('share'), unit: 'share' },
            { id: 'null_negatives', label: message('NULL in negatives'), unit: 'count' },
            { id: 'negatives', label: message('share'), unit: 'share' },
          ],
          rows: rows.map((row) => [
            row.column,
            row.positives.count,
            row.positives.share,
            row.negatives.count,
            row.negatives.share,
          ]),
        },
      ],
      notes: complete === 0 ? [] : [message('Columns without NULL: {0}', formatCount(complete))],
    };
  },
});
