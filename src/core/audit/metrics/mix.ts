import { message, type Message } from '../../message/message.ts';
import { defineMetric, quotient, type Figure, type Measured } from '../metric.ts';
import { rateInterval } from '../../statistics/rate.ts';

/** Amounts by entry, on any scale. */
export type EntryAmounts = readonly { readonly entry: string; readonly amount: number }[];

export interface MixCounts {
  /** Negatives by entry. `entry`: null for rows without one. */
  readonly entries: readonly { readonly entry: string | null; readonly rows: number }[];
  /** `Rate.design` by entry; missing if the rows of a user are independent. */
  readonly designs?: ReadonlyMap<string | null, number>;
  /** Configured shares, before shortfalls and refill; null without a config. */
  readonly configured: EntryAmounts | null;
  /** Shares drawn by the run that wrote the file, after shortfalls and refill; null without a lock file. */
  readonly recorded: EntryAmounts | null;
  /** Rows that the run was short of, by cause; null without a lock file. */
  readonly shortfalls: EntryShortfalls | null;
}

type EntryShortfalls = readonly ({ readonly entry: string } & Readonly<Record<Cause, number>>)[];
type Cause = 'pool' | 'attempts' | 'list';

const causes: Readonly<Record<Cause, Message>> = {
  pool: message('the pool is too small'),
  attempts: message('all attempts were used'),
  list: message('the lists are too short'),
};

/**
 * Share of the negatives by entry, p̂ = rows / negatives, with its 95 % Wilson interval clustered by user (a row
 * without a user counts as a user of its own), against the share p that the config asks for, and against the share that
 * the lock file records. Next to it, the rows that the run was short of, and the most frequent cause. Total variation =
 * ½ Σ |p̂ − p| over all entries of either side, from 0 (equal) to 1 (nothing in common).
 */
export const mix = defineMetric({
  id: 'mix',
  title: message('Mix of the negatives'),
  measure({ entries, designs = new Map(), configured, recorded, shortfalls }: MixCounts): Measured {
    const total = entries.reduce((sum, { rows }) => sum + rows, 0);
    const rowsByEntry = new Map(entries.map(({ entry, rows }) => [entry, rows]));
    const [configuredShares, recordedShares] = [sharesOf(configured), sharesOf(recorded)];
    const names = [
      ...new Set([...(configuredShares?.keys() ?? []), ...(recordedShares?.keys() ?? []), ...rowsByEntry.keys()]),
    ];
    // An entry without rows may be as clustered as any other.
    const design = [...designs.values()].reduce((max, value) => Math.max(max, value), 1);
    const rowsOf = (entry: string | null): number => rowsByEntry.get(entry) ?? 0;
    const variation = (shares: Shares | null): Figure['value'] =>
      shares === null || total === 0
        ? null
        : names.reduce((sum, entry) => sum + Math.abs(rowsOf(entry) / total - (shares.get(entry) ?? 0)), 0) / 2;
    const figure = (id: string, label: Figure['label'], shares: Shares | null): Figure[] =>
      shares === null ? [] : [{ id, label, unit: 'share', value: variation(shares) }];
    const column = (id: string, label: Figure['label'], shares: Shares | null): Measured['tables'][number]['columns'] =>
      shares === null ? [] : [{ id, label, unit: 'share' }];
    return {
      figures: [
        ...figure('total_variation', message('total variation from the config'), configuredShares),
        ...figure('recorded_total_variation', message('total variation from the lock file'), recordedShares),
      ],
      tables: [
        {
          id: 'entries',
          shape: 'list',
          columns: [
            { id: 'entry', label: message('entry'), unit: 'text' },
            { id: 'rows', label: message('rows'), unit: 'count' },
            { id: 'share', label: message('share'), unit: 'share' },
            { id: 'low', label: message('low'), unit: 'share' },
            { id: 'high', label: message('high'), unit: 'share' },
            ...column('configured', message('config'), configuredShares),
            ...column('recorded', message('lock file'), recordedShares),
            ...(shortfalls === null
              ? []
              : [
                  { id: 'missing', label: message('missing'), unit: 'count' as const },
                  { id: 'cause', label: message('cause'), unit: 'text' as const, texts: causes },
                ]),
          ],
          rows: names.map((entry) => {
            const rate = { rows: total, hits: rowsOf(entry), design: designs.get(entry) ?? design };
            const { low, high } = rateInterval(rate);
            const others = [configuredShares, recordedShares].flatMap((shares) =>
              shares ? [shares.get(entry) ?? 0] : [],
            );
            const short =
              shortfalls === null ? [] : shortfallOf(shortfalls.filter((shortfall) => shortfall.entry === entry));
            return [entry, rowsOf(entry), quotient(rowsOf(entry), total), low, high, ...others, ...short];
          }),
        },
      ],
      notes: [
        ...(designs.size > 0 ? [message('Intervals: 95 %, clustered by user')] : []),
        ...(configuredShares ? [message('The shares of the config are those before shortfalls and refill')] : []),
        ...(total === 0 ? [message('There are no negatives')] : []),
      ],
    };
  },
});

/** The missing rows and their most frequent cause; entries of one source count together. */
function shortfallOf(entries: EntryShortfalls): [number, string | null] {
  const sums = (Object.keys(causes) as Cause[]).map((cause) => ({
    cause,
    rows: entries.reduce((sum, entry) => sum + entry[cause], 0),
  }));
  const [mainCause] = sums.sort((a, b) => b.rows - a.rows);
  return [
    sums.reduce((sum, { rows }) => sum + rows, 0),
    mainCause === undefined || mainCause.rows === 0 ? null : mainCause.cause,
  ];
}

type Shares = ReadonlyMap<string | null, number>;

/** Amounts as shares of their sum; null if the sum is 0. */
function sharesOf(amounts: EntryAmounts | null): Shares | null {
  if (amounts === null) return null;
  const sum = amounts.reduce((all, { amount }) => all + amount, 0);
  return sum === 0 ? null : new Map(amounts.map(({ entry, amount }) => [entry, amount / sum]));
}
