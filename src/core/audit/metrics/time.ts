import { message } from '../../message/message.ts';
import { defineMetric, quotient, type Measured } from '../metric.ts';

export interface TimeCounts {
  readonly rows: number;
  readonly withoutTime: number;
  /** Exact texts in local time; null without rows. */
  readonly first: string | null;
  readonly last: string | null;
  /** By local day, and by hour of the local day. */
  readonly days: readonly { readonly day: string; readonly rows: number; readonly positives: number }[];
  readonly hours: readonly { readonly hour: number; readonly rows: number }[];
  /** Hours from the rows to the time until which outcomes are known; null without a config. */
  readonly age: { readonly youngest: number; readonly p50: number; readonly oldest: number } | null;
  /** Rows that are younger than `mature_after`; null if the config does not set it. */
  readonly immature: number | null;
  /** Rows outside of the window of the split, and rows in the window of the other split; null without a window. */
  readonly outside: number | null;
  readonly otherSplit: number | null;
  /** Rows of items that were created after the row's time; null without a creation time. */
  readonly early: number | null;
}

/**
 * Rows by day and hour, rows outside of the window, and rows of items that did not exist yet. The age of a label is the
 * time from its row to the time until which outcomes are known: the training cut, or for eval the end of the log.
 */
export const time = defineMetric({
  id: 'time',
  title: message('Time'),
  measure({ rows, withoutTime, first, last, days, hours, ...counts }: TimeCounts): Measured {
    const byHour = new Map(hours.map(({ hour, rows: count }) => [hour, count]));
    const share = (
      id: string,
      label: Measured['figures'][number]['label'],
      count: number | null,
    ): Measured['figures'] =>
      count === null
        ? []
        : [
            { id, label, unit: 'count', value: count },
            ...(count === 0
              ? []
              : [
                  {
                    id: `${id}_share`,
                    label: message('their share'),
                    unit: 'share' as const,
                    value: quotient(count, rows),
                  },
                ]),
          ];
    return {
      figures: [
        { id: 'first', label: message('first'), unit: 'text', value: first },
        { id: 'last', label: message('last'), unit: 'text', value: last },
        ...share('outside', message('rows outside of the window'), counts.outside),
        ...share('other_split', message('rows in the window of the other split'), counts.otherSplit),
        ...share('created_later', message('rows of items created later'), counts.early),
        ...ageFigures(counts),
        ...(withoutTime === 0
          ? []
          : [
              { id: 'without_time', label: message('rows without a time'), unit: 'count' as const, value: withoutTime },
            ]),
      ],
      tables: [
        {
          id: 'days',
          shape: days.length > 20 ? ('curve' as const) : ('list' as const),
          columns: [
            { id: 'day', label: message('day'), unit: 'text' as const },
            { id: 'rows', label: message('rows'), unit: 'count' as const },
            { id: 'positives', label: message('positives'), unit: 'count' as const },
          ],
          rows: days.map(({ day, rows: count, positives }) => [day, count, positives]),
        },
        {
          id: 'hours',
          shape: 'curve' as const,
          columns: [
            { id: 'hour', label: message('hour of the day'), unit: 'number' as const },
            { id: 'rows', label: message('rows by hour'), unit: 'count' as const },
          ],
          rows: days.length === 0 ? [] : Array.from({ length: 24 }, (_, hour) => [hour, byHour.get(hour) ?? 0]),
        },
      ].filter((table) => table.rows.length > 0),
      notes: [],
    };
  },
});

function ageFigures({ age, immature }: Pick<TimeCounts, 'age' | 'immature'>): Measured['figures'] {
  const figure = (id: string, label: Measured['figures'][number]['label'], value: number): Measured['figures'] => [
    { id, label, unit: 'number', value },
  ];
  return [
    ...(age === null
      ? []
      : [
          ...figure('label_age_youngest', message('age of the youngest label, in hours'), age.youngest),
          ...figure('label_age_p50', message('median age of the labels, in hours'), age.p50),
          ...figure('label_age_oldest', message('age of the oldest label, in hours'), age.oldest),
        ]),
    ...(immature === null
      ? []
      : [
          { id: 'immature', label: message('rows younger than mature_after'), unit: 'count' as const, value: immature },
        ]),
  ];
}
