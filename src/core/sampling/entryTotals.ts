import type { EntryTotals } from './drawn.ts';
import type { RowCounts } from './kernel/rowCounts.ts';
import { shortfallCauses } from './kernel/rows.ts';
import type { StagePlan } from './plan/stagePlan.ts';

/** Requested and drawn negatives of a plan's entries, over all drawn rows. */
export function entryTotals(
  { entries }: StagePlan,
  rows: Pick<RowCounts, 'entries'>,
): Omit<EntryTotals, 'biasRemoved'>[] {
  return entries.map(({ name, source }, e) => {
    const { asked = 0, drawn = 0, attempts = 0, shortGroups = 0, missing } = rows.entries[e] ?? {};
    const [pool = 0, inAttempts = 0, list = 0] = shortfallCauses.map((_, cause) => missing?.[cause] ?? 0);
    return { name, source, asked, drawn, attempts, shortGroups, shortfalls: { pool, attempts: inAttempts, list } };
  });
}
