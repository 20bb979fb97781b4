import { message } from '../../message/message.ts';
import { defineMetric, quotient, type Figure, type Measured } from '../metric.ts';
import { wilsonInterval } from '../wilsonInterval.ts';

/** Amounts by entry, on any scale. */
export type EntryAmounts = readonly { readonly entry: string; readonly amount: number }[];

export interface MixCounts {
  /** Negatives by entry. `entry`: null for rows without one. */
  readonly entries: readonly { readonly entry: string | null; readonly rows: number }[];
  /** What the config asks for, before shortfalls and refill; null without a config. */
  readonly configured: EntryAmounts | null;
  /** What the run that wrote the file has drawn, after shortfalls and refill; null without a lock file. */
  readonly recorded: EntryAmounts | null;
}

/**
 * Share of the negatives by entry, p̂ = rows / negatives, with 95 % Wilson interval, against the share p that the config
 * asks for, and against the share that the lock file records.
 * Total variation = ½ Σ |p̂ − p| over all entries of either side, from 0 (equal) to 1 (nothing in common).
 */
export const mix = defineMetric({
  id: 'mix',
  title: message('Mix of the negatives'),
  of({ entries, configured, recorded }: MixCounts): Measured {
    const total = entries.reduce((sum, { rows }) => sum + rows, 0);
    const found = new Map(entries.map(({ entry, rows }) => [entry, rows]));
    const [asked, drawn] = [sharesOf(configured), sharesOf(recorded)];
    const names = [...new Set([...(asked?.keys() ?? []), ...(drawn?.keys() ?? []), ...found.keys()])];
    const rowsOf = (entry: string | null): number => found.get(entry) ?? 0;
    const variation = (shares: Shares | null): Figure['value'] =>
      shares === null || total === 0
        ? null
        : names.reduce((sum, entry) => sum + Math.abs(rowsOf(entry) / total - (shares.get(entry) ?? 0)), 0) / 2;
    const figure = (id: string, label: Figure['label'], shares: Shares | null): Figure[] =>
      shares === null ? [] : [{ id, label, unit: 'share', value: variation(shares) }];
    const column = (
      id: string,
      label: Figure['label'],
      shares: Shares | null,
    ): Measured['tables'][number]['columns'] => (shares === null ? [] : [{ id, label, unit: 'share' }]);
    return {
      figures: [
        ...figure('total_variation', message('total variation from the config'), asked),
        ...figure('recorded_total_variation', message('total variation from the lock file'), drawn),
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
            ...column('configured', message('config'), asked),
            ...column('recorded', message('lock file'), drawn),
          ],
          rows: names.map((entry) => {
            const { low, high } = wilsonInterval(rowsOf(entry), total);
            const others = [asked, drawn].flatMap((shares) => (shares ? [shares.get(entry) ?? 0] : []));
            return [entry, rowsOf(entry), quotient(rowsOf(entry), total), low, high, ...others];
          }),
        },
      ],
      notes: [
        ...(asked ? [message('The shares of the config are those before shortfalls and refill')] : []),
        ...(total === 0 ? [message('There are no negatives')] : []),
      ],
    };
  },
});

type Shares = ReadonlyMap<string | null, number>;

/** Shares of the sum; null if nothing has an amount. */
function sharesOf(amounts: EntryAmounts | null): Shares | null {
  if (amounts === null) return null;
  const sum = amounts.reduce((all, { amount }) => all + amount, 0);
  return sum === 0 ? null : new Map(amounts.map(({ entry, amount }) => [entry, amount / sum]));
}
