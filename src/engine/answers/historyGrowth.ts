import type { HistoryGrowth } from '../../core/audit/loggedList.ts';
import type { Work } from '../database/connections.ts';
import { numberIn, optionalNumberIn } from '../database/numberIn.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import type { Tables } from '../tables/tables.ts';
import type { RowSql } from './loggedRows.ts';

/** With fewer users, the error that is clustered by user means little. */
const MIN_USERS = 20;

/**
 * Compares the histories of the last quarter of the days of a file with those before. Rows count once for each of their
 * positives, so a change of the negatives is no growth; files without labels count rows.
 * @param logStart first time of the steps, in microseconds since 1970
 * @returns null if the log reaches far enough back for every row, or if the file has too few days or users
 */
export async function historyGrowth(
  { sql, sequence, user, time }: RowSql,
  logStart: number,
  tables: Tables,
  work: Work,
): Promise<HistoryGrowth | null> {
  const positives = sql.items(true);
  const weight = positives === '[]' ? '1' : `len(${positives})`;
  const [row] = await tables.rows(
    `WITH q AS MATERIALIZED (SELECT * FROM (SELECT ${user} AS u, ${time.from} AS row_at, date_trunc('day', row_at) AS day, coalesce(len(${quoteIdentifier(sequence.item)}), 0) AS n, ${weight} AS w FROM ${sql.from})
      WHERE u IS NOT NULL AND isfinite(row_at) AND w > 0),
    ends AS (SELECT min(row_at) AS first, quantile_disc(DISTINCT day, 0.75) AS early_end FROM q),
    users AS (SELECT u, ${sumsOf('early', 'day <= early_end')}, ${sumsOf('late', 'day > early_end')} FROM q, ends GROUP BY u),
    means AS (SELECT count(*) AS users, sum(early_rows) AS early, sum(early_steps) / sum(early_rows) AS early_mean, sum(late_rows) AS late, sum(late_steps) / sum(late_rows) AS late_mean FROM users)
    SELECT any_value(epoch_us(first)), any_value(epoch_us(early_end)), any_value(users), any_value(early), any_value(early_mean), any_value(late), any_value(late_mean),
      ${errorOf('early')}, ${errorOf('late')}, sum(${residual('early')} * ${residual('late')})
    FROM users, means, ends`,
    work,
  );
  const [first = null, lastDay = null, earlyError = null, lateError = null] = [0, 1, 7, 8].map((k) =>
    optionalNumberIn(row, k),
  );
  const reach = sequence.planned?.lookback ?? Infinity;
  if (first === null || lastDay === null || earlyError === null || lateError === null) return null;
  if (logStart <= first - reach || numberIn(row, 2) < MIN_USERS) return null;
  return {
    lastDay,
    early: { rows: numberIn(row, 3), mean: numberIn(row, 4), error: earlyError },
    late: { rows: numberIn(row, 5), mean: numberIn(row, 6), error: lateError },
    covariance: numberIn(row, 9),
  };
}

/** Sums of a user over the rows of some days; 0 without a row. */
const sumsOf = (name: string, holds: string): string =>
  [
    ['w', `${name}_rows`],
    ['w * n', `${name}_steps`],
  ]
    .map(([of, as]) => `coalesce(sum(${of}) FILTER (WHERE ${holds}), 0)::DOUBLE AS ${as}`)
    .join(', ');

/** What a user adds to the error of a mean. */
const residual = (name: string): string => `((${name}_steps - ${name}_mean * ${name}_rows) / ${name})`;
const errorOf = (name: string): string => `sqrt(sum(power(${residual(name)}, 2)))`;
