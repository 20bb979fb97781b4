import { message } from '../../message/message.ts';
import { defineMetric, quotient, type Measured } from '../metric.ts';
import { wilsonInterval } from '../wilsonInterval.ts';

/** Negatives of an entry whose user chose the item. A row counts once: the first that holds. */
export interface ChosenNegatives {
  readonly entry: string | null;
  readonly rows: number;
  /** A positive of the same user and item in the same request; null without requests. */
  readonly sameRequest: number | null;
  /** A positive before the row's time, within the reach of the entry's exclusion. */
  readonly earlier: number;
  /** A positive at or after the row's time. */
  readonly later: number;
  /** Whether the entry excludes the user's positives at all. */
  readonly excludes: boolean;
}

/**
 * Share of the negatives whose user had chosen the item before, by entry, with 95 % Wilson interval. Items chosen in the
 * same request and items chosen later are counted apart: the sampler cannot know the future.
 */
export const falseNegatives = defineMetric({
  id: 'false_negatives',
  title: message('False negatives'),
  of(entries: readonly ChosenNegatives[]): Measured {
    const sum = (of: (entry: ChosenNegatives) => number): number => entries.reduce((all, entry) => all + of(entry), 0);
    const [rows, earlier, later] = [
      sum((entry) => entry.rows),
      sum((entry) => entry.earlier),
      sum((entry) => entry.later),
    ];
    const requests = entries.every(({ sameRequest }) => sameRequest !== null);
    const same = sum(({ sameRequest }) => sameRequest ?? 0);
    return {
      figures: [
        {
          id: 'earlier',
          label: message('chosen earlier'),
          unit: 'share',
          value: quotient(earlier, rows),
          ...wilsonInterval(earlier, rows),
        },
        ...(requests
          ? [
              {
                id: 'same_request',
                label: message('chosen in the same request'),
                unit: 'share' as const,
                value: quotient(same, rows),
                ...wilsonInterval(same, rows),
              },
            ]
          : []),
        {
          id: 'later',
          label: message('chosen later'),
          unit: 'share',
          value: quotient(later, rows),
          ...wilsonInterval(later, rows),
        },
      ],
      tables: [
        {
          id: 'entries',
          shape: 'list',
          columns: [
            { id: 'entry', label: message('entry'), unit: 'text' },
            { id: 'rows', label: message('rows'), unit: 'count' },
            { id: 'earlier', label: message('earlier'), unit: 'count' },
            { id: 'share', label: message('share'), unit: 'share' },
            { id: 'low', label: message('low'), unit: 'share' },
            { id: 'high', label: message('high'), unit: 'share' },
            { id: 'same_request', label: message('same request'), unit: 'count' },
            { id: 'later', label: message('later'), unit: 'count' },
          ],
          rows: entries.map((entry) => {
            const { low, high } = wilsonInterval(entry.earlier, entry.rows);
            return [
              entry.entry,
              entry.rows,
              entry.earlier,
              quotient(entry.earlier, entry.rows),
              low,
              high,
              entry.sameRequest,
              entry.later,
            ];
          }),
        },
      ],
      notes: entries
        .filter(({ excludes, entry }) => !excludes && entry !== null)
        .map(({ entry }) => message('{0} excludes nothing by its config', entry ?? '')),
    };
  },
});
