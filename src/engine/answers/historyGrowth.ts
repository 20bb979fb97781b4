import type { HistoryGrowth } from '../../core/audit/loggedList.ts';
import { reachOf } from '../../core/config/historyRules.ts';
import type { Work } from '../database/connections.ts';
import { numberIn, optionalNumberIn } from '../database/numberIn.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { microsecondsOfDay } from '../inputs/world/localTime.ts';
import { dayOf } from '../inputs/users/dayOf.ts';
import type { Tables } from '../tables/tables.ts';
import type { RowSql } from './loggedRows.ts';

/** With fewer users, an error over users means little. */
const MIN_USERS = 20;

/** Rows of a file with a sequence, and where their users and times are. */
export type GrowingRows = Pick<RowSql, 'sql' | 'sequence' | 'user' | 'time'> & { readonly timezone: string };

/**
 * Compares the early histories of users with their late ones: those of the eval file, or without it those of the last
 * quarter of the days. Each user counts once, so neither new users nor a daily cap of train change the result. Rows
 * count once for each of their positives, so another share of negatives is no growth; without labels, rows count.
 * @param logStart first time of the steps, in microseconds since 1970
 * @returns null if the log reaches far enough back for every row, or if too few users have early and late rows
 */
export async function historyGrowth(
  rows: GrowingRows,
  evaluated: GrowingRows | null,
  logStart: number,
  tables: Tables,
  work: Work,
): Promise<HistoryGrowth | null> {
  const { name, planned } = rows.sequence;
  const lastDay = evaluated ? 'max(day)' : 'quantile_disc(DISTINCT day, 0.75)';
  const late = evaluated ? `SELECT u, n, w, false AS early FROM ${rowLengthsSql(evaluated)}` : null;
  const mean = (of: string): string => `sum(n * w) FILTER (WHERE ${of}) / sum(w) FILTER (WHERE ${of})`;
  const [row] = await tables.rows(
    `WITH q AS MATERIALIZED ${rowLengthsSql(rows)},
    ends AS (SELECT min(row_at) AS first, ${lastDay} AS "last day" FROM q),
    rows AS (SELECT u, n, w, day <= "last day" AS early FROM q, ends ${late === null ? '' : `UNION ALL ${late}`}),
    users AS (SELECT u, ${mean('early')} AS early, ${mean('NOT early')} AS late FROM rows GROUP BY u HAVING early IS NOT NULL AND late IS NOT NULL)
    SELECT any_value(epoch_us(first)), any_value("last day"), count(*), avg(early), avg(late), stddev_samp(early), stddev_samp(late), covar_samp(early, late) FROM users, ends`,
    work,
  );
  const first = optionalNumberIn(row);
  const users = numberIn(row, 2);
  if (first === null || users < MIN_USERS || logStart <= first - ((planned && reachOf(planned)) ?? Infinity))
    return null;
  return {
    name,
    lastDay: numberIn(row, 1) * microsecondsOfDay,
    early: { mean: numberIn(row, 3), error: numberIn(row, 5) / Math.sqrt(users) },
    late: { mean: numberIn(row, 4), error: numberIn(row, 6) / Math.sqrt(users) },
    isEval: evaluated !== null,
    covariance: numberIn(row, 7) / users,
  };
}

/** Rows with a positive: the user `u`, the time, its local day, the number of steps `n`, and of positives `w`. */
function rowLengthsSql({ sql, sequence, user, time, timezone }: GrowingRows): string {
  const positives = sql.items(true);
  const weight = positives === '[]' ? '1' : `len(${positives})`;
  return `(SELECT *, ${dayOf('row_at', timezone)} AS day FROM (SELECT ${user} AS u, ${time.from} AS row_at, coalesce(len(${quoteIdentifier(sequence.item)}), 0) AS n, ${weight} AS w FROM ${sql.from})
      WHERE u IS NOT NULL AND isfinite(row_at) AND w > 0)`;
}
