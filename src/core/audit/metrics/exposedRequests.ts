import { message } from '../../message/message.ts';
import { defineMetric, quotient, type Measured } from '../metric.ts';
import { wilsonInterval } from '../../statistics/wilsonInterval.ts';

/** Negatives of one entry in one split, and how many of their items were exposed to the user. */
export interface ExposedNegatives {
  readonly split: string | null;
  readonly entry: string | null;
  readonly rows: number;
  /** Rows with an exposure of the user and the item until the end of the split. */
  readonly exposed: number;
  /** Rows with such an exposure in their request. */
  readonly sameRequest: number;
}

/**
 * Of the negatives whose item was exposed to the user: the share that was exposed in the request of the row. By split
 * and entry, with 95 % Wilson interval.
 */
export const exposedRequests = defineMetric({
  id: 'exposed_requests',
  title: message('Exposed negatives by request'),
  measure(counts: readonly ExposedNegatives[]): Measured {
    const [exposed, same] = [
      counts.reduce((sum, count) => sum + count.exposed, 0),
      counts.reduce((sum, count) => sum + count.sameRequest, 0),
    ];
    return {
      figures: [
        { id: 'exposed', label: message('negatives that the user was shown'), unit: 'count', value: exposed },
        {
          id: 'same_request',
          label: message('of them in the same request'),
          unit: 'share',
          value: quotient(same, exposed),
          ...wilsonInterval(same, exposed),
        },
      ],
      tables: [
        {
          id: 'entries',
          shape: 'list',
          columns: [
            { id: 'split', label: message('split'), unit: 'text' },
            { id: 'entry', label: message('entry'), unit: 'text' },
            { id: 'rows', label: message('rows'), unit: 'count' },
            { id: 'exposed', label: message('exposed'), unit: 'count' },
            { id: 'same_request', label: message('same request'), unit: 'count' },
            { id: 'share', label: message('share'), unit: 'share' },
            { id: 'low', label: message('low'), unit: 'share' },
            { id: 'high', label: message('high'), unit: 'share' },
          ],
          rows: counts
            .filter((count) => count.exposed > 0)
            .map((count) => {
              const { low, high } = wilsonInterval(count.sameRequest, count.exposed);
              return [
                count.split,
                count.entry,
                count.rows,
                count.exposed,
                count.sameRequest,
                quotient(count.sameRequest, count.exposed),
                low,
                high,
              ];
            }),
        },
      ],
      notes: [],
    };
  },
});
