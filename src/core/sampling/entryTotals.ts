import type { EntryTotals, ShortfallCause } from './drawn.ts';
import { f64At, valueAt } from '../valueAt.ts';
import type { RowCounts } from './kernel/rowCounts.ts';
import { missingOf } from './requested.ts';
import { shortfallCauses } from './kernel/rows.ts';
import type { StagePlan } from './plan/stagePlan.ts';

/** Requested and drawn negatives of a plan's entries, over all drawn rows. */
export function entryTotals(
  { entries, refillFrom, distinct }: StagePlan,
  rows: Pick<RowCounts, 'entries'>,
): Omit<EntryTotals, 'distance'>[] {
  const missed = rows.entries.reduce((sum, entry, e) => sum + (e === refillFrom ? 0 : missingOf(entry)), 0);
  return entries.map(({ name, source }, e) => {
    const { asked, drawn, repeated, attempts, shortGroups, missingByCause } = valueAt(rows.entries, e);
    const short = (cause: ShortfallCause): number => f64At(missingByCause, shortfallCauses.indexOf(cause));
    const shortfalls = { pool: short('pool'), attempts: short('attempts'), list: short('list') };
    const refilled = e === refillFrom ? { refilled: missed } : {};
    const dropped = distinct ? { repeated } : {};
    return { name, source, asked, ...refilled, drawn, ...dropped, attempts, shortGroups, shortfalls };
  });
}
