import { message, type Message } from '../../message/message.ts';
import { defineMetric, quotient, type Figure, type Measured } from '../metric.ts';
import { rateInterval, type Rate } from '../../statistics/rate.ts';

/** Negatives with a user, an item and a time. A row counts once, in the first class that holds. */
export interface ChosenNegatives {
  readonly rows: number;
  /** The user chose the item before the row's time, within the reach of the entry's exclusion. */
  readonly earlier: Rate;
  /** The user chose it in the request of the row; null without requests. */
  readonly sameRequest: Rate | null;
  /** The user chose it after the row's time. */
  readonly later: Rate;
}

/** The counts behind the rule `data/false-negative` and the metric `false_negatives`. */
export interface FalseNegativeCounts {
  readonly all: ChosenNegatives;
  /**
   * By entry, or by source if the file does not name entries; `entry` is null for rows without a name. `excludes`: the
   * config says which choices the entry excludes.
   */
  readonly entries: readonly (ChosenNegatives & { readonly entry: string | null; readonly excludes: boolean })[];
}

/**
 * Share of the negatives whose user had chosen the item before, by entry, with a 95 % interval that is cluster-robust by
 * user. Items chosen in the same request and items chosen later are counted apart: the sampler cannot know the future.
 */
export const falseNegatives = defineMetric({
  id: 'false_negatives',
  title: message('False negatives'),
  measure({ all, entries }: FalseNegativeCounts): Measured {
    const share = (id: string, label: Message, rate: Rate): Figure => ({
      id,
      label,
      unit: 'share',
      value: quotient(rate.hits, rate.rows),
      ...rateInterval(rate),
    });
    return {
      figures: [
        share('earlier', message('chosen earlier'), all.earlier),
        ...(all.sameRequest === null
          ? []
          : [share('same_request', message('chosen in the same request'), all.sameRequest)]),
        share('later', message('chosen later'), all.later),
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
          rows: entries.map(({ entry, rows, earlier, sameRequest, later }) => {
            const { low, high } = rateInterval(earlier);
            return [
              entry,
              rows,
              earlier.hits,
              quotient(earlier.hits, rows),
              low,
              high,
              sameRequest?.hits ?? null,
              later.hits,
            ];
          }),
        },
      ],
      notes: [
        message('Intervals: 95 %, clustered by user'),
        ...entries
          .filter(({ excludes, entry }) => !excludes && entry !== null)
          .map(({ entry }) =>
            message('{0} has no exclusion of its own, so its share counts the positives of the stage', entry ?? ''),
          ),
      ],
    };
  },
});
