import type { AskedTable } from '../../protocol/askedTable.ts';
import { roleTable } from './roleTable.ts';
import type { Tables } from './tables.ts';

type Timed = AskedTable<'user', 'request' | 'time'>;

/**
 * SQL of the earliest time of each user and request in some tables, as `"user"`, `request` as text, and `time`. Null if
 * none of them has both requests and times. docs/sampling.md: Read time.
 */
export function requestTimes(
  tables: Tables,
  logs: readonly Timed[],
  { timezone }: { readonly timezone: string },
): string | null {
  const rows = logs
    .filter(({ columns }) => columns.request && columns.time)
    .map(
      (table) =>
        `SELECT "user", CAST(request AS VARCHAR) AS request, time FROM ${roleTable(tables.table(table.ref), table, { timezone })} WHERE "user" IS NOT NULL AND request IS NOT NULL AND isfinite(time)`,
    );
  if (rows.length === 0) return null;
  return `(SELECT "user", request, min(time) AS time FROM (${rows.join(' UNION ALL ')}) GROUP BY "user", request)`;
}
