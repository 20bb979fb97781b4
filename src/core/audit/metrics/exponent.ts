import { message, type Message } from '../../message/message.ts';
import type { FittedExponent } from '../../statistics/fitExponent.ts';
import { defineMetric, quotient, type Measured } from '../metric.ts';

/** Negatives of one entry, and the exponent with which they follow the counts of the items. */
export interface EntryExponent {
  /** Null: all negatives whose item was not exposed to the user. */
  readonly entry: string | null;
  readonly rows: number;
  /** Rows that the exponent is fitted to: their items have a count, and the entry does not exclude them. */
  readonly used: number;
  /** Exponent of the config: 0 for uniform draws; null without a config. */
  readonly declared: number | null;
  readonly smoothing: number;
  readonly fitted: FittedExponent | null;
}

export interface ExponentsCounts {
  readonly entries: readonly EntryExponent[];
  /** Entries whose counts cannot be computed again, with the reason. */
  readonly notFitted: readonly { readonly entry: string; readonly because: Message }[];
  /** True if the counts come from the log, not from the sample. */
  readonly fromLog: boolean;
}

/** The exponent a of the popularity count^a with which the negatives were drawn. */
export const exponent = defineMetric({
  id: 'exponent',
  title: message('Fitted popularity exponent'),
  measure({ entries, notFitted, fromLog }: ExponentsCounts): Measured {
    const [onlyEntry] = entries;
    const fitted = entries.length === 1 ? (onlyEntry?.fitted ?? null) : null;
    return {
      figures:
        entries.length === 1
          ? [
              {
                id: 'exponent',
                label: message('exponent'),
                unit: 'number',
                value: fitted?.value ?? null,
                ...(fitted ? { low: fitted.low, high: fitted.high } : {}),
              },
            ]
          : [],
      tables: [
        {
          id: 'entries',
          shape: 'list',
          columns: [
            { id: 'entry', label: message('entry'), unit: 'text' },
            { id: 'rows', label: message('rows'), unit: 'count' },
            { id: 'used', label: message('used'), unit: 'share' },
            { id: 'smoothing', label: message('smoothing'), unit: 'number' },
            { id: 'declared', label: message('config'), unit: 'number' },
            { id: 'fitted', label: message('fitted'), unit: 'number' },
            { id: 'low', label: message('low'), unit: 'number' },
            { id: 'high', label: message('high'), unit: 'number' },
          ],
          rows: entries.map(({ entry, rows, used, smoothing, declared, fitted: fit }) => [
            entry,
            rows,
            quotient(used, rows),
            smoothing,
            declared,
            fit?.value ?? null,
            fit?.low ?? null,
            fit?.high ?? null,
          ]),
        },
      ],
      notes: [
        message(
          'Weight of an item: (count + smoothing) to the power of the exponent. Interval: 95 %, clustered by user',
        ),
        ...(fromLog ? [] : [message('Counts: the positives of the sample, because there is no log')]),
        ...notFitted.map(({ entry, because }) => message('{0} is not fitted: {1}', entry, because)),
      ],
    };
  },
});
