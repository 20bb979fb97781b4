import { message } from '../../message/message.ts';
import { defineMetric, quotient, type Measured } from '../metric.ts';

/** Number of positives by their number of negatives, ascending. */
export type GroupSizes = readonly { readonly negatives: number; readonly positives: number }[];

/**
 * Positives by the negatives in their group. Several positives of a group share its negatives equally, rounded down.
 */
export const groupSizes = defineMetric({
  id: 'group_sizes',
  title: message('Negatives per positive'),
  measure(sizes: GroupSizes): Measured {
    const all = sizes.reduce((sum, { positives }) => sum + positives, 0);
    const mostFrequent = sizes.reduce((a, b) => (b.positives > a.positives ? b : a), { negatives: 0, positives: 0 });
    const without = sizes.find(({ negatives }) => negatives === 0)?.positives ?? 0;
    return {
      figures: [
        {
          id: 'usual',
          label: message('most frequent number'),
          unit: 'count',
          value: all === 0 ? null : mostFrequent.negatives,
        },
        {
          id: 'usual_share',
          label: message('its share of the positives'),
          unit: 'share',
          value: quotient(mostFrequent.positives, all),
        },
        { id: 'without', label: message('positives without negatives'), unit: 'count', value: without },
      ],
      tables:
        all === 0
          ? []
          : [
              {
                id: 'sizes',
                shape: 'list',
                isForCharts: true,
                columns: [
                  { id: 'negatives', label: message('negatives'), unit: 'count' },
                  { id: 'positives', label: message('positives'), unit: 'count' },
                  { id: 'share', label: message('share'), unit: 'share' },
                ],
                rows: sizes.map(({ negatives, positives }) => [negatives, positives, quotient(positives, all)]),
              },
            ],
      notes: [],
    };
  },
});
