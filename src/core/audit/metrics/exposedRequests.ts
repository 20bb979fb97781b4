import { message } from '../../message/message.ts';
import { defineMetric, quotient, type Measured } from '../metric.ts';
import { wilsonInterval } from '../../statistics/wilsonInterval.ts';

/** Negatives of one entry in one split whose user was shown the item. */
export interface ExposedNegatives {
  readonly split: string | null;
  readonly entry: string | null;
  readonly rows: number;
  /** With an exposure of the user and the item until the end of the split. */
  readonly exposed: number;
  /** With such an exposure in the row's own request. */
  readonly sameRequest: number;
}

/**
 * Same-request rate of exposed negatives: those that were shown in the row's own request / those that the user was shown
 * at all, by split and entry, with 95 % Wilson interval.
 */
export const exposedRequests = defineMetric({
  id: 'exposed_requests',
  title: message('Exposed negatives by request'),
  measure(counts: readonly ExposedNegatives[]): Measured {
    const [exposed, same] = [
      counts.reduce((sum, own) => sum + own.exposed, 0),
      counts.reduce((sum, own) => sum + own.sameRequest, 0),
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
            .filter((own) => own.exposed > 0)
            .map((own) => {
              const { low, high } = wilsonInterval(own.sameRequest, own.exposed);
              return [
                own.split,
                own.entry,
                own.rows,
                own.exposed,
                own.sameRequest,
                quotient(own.sameRequest, own.exposed),
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
