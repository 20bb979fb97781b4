import type { Rate } from '../../core/audit/rate.ts';
import type { Work } from '../database/connections.ts';
import type { Tables } from './tables.ts';

/** Sums over users: rows, hits, hits², hits·rows and rows². */
export const rateSums = 'sum(n), sum(x), sum(x * x), sum(x * n), sum(n * n)';

/**
 * How many rows of a query have a property.
 * @param from a query with the column `"user"`, if `byUser`
 * @param holds SQL of the property; NULL counts as false
 */
export async function userRate(
  tables: Tables,
  from: string,
  holds: string,
  byUser: boolean,
  work: Work,
): Promise<Rate> {
  const [row = []] = await tables.rows(
    `SELECT ${rateSums} FROM (SELECT count(*)::DOUBLE AS n, (count(*) FILTER (WHERE ${holds}))::DOUBLE AS x FROM ${from}${byUser ? ' GROUP BY "user"' : ''})`,
    work,
  );
  return rateOf(row.map(Number));
}

/** The rate of the sums of `rateSums`. */
export function rateOf([rows = 0, hits = 0, xx = 0, xn = 0, nn = 0]: readonly number[]): Rate {
  return { rows, hits, design: designEffect({ rows, hits, xx, xn, nn }) };
}

/**
 * Variance of the share of hits, with rows of one user dependent on each other, divided by that of independent rows
 * (the ratio estimator with clusters; Cochran, Sampling Techniques, 1977, section 6.3). At least 1.
 */
function designEffect(sums: {
  readonly rows: number;
  readonly hits: number;
  readonly xx: number;
  readonly xn: number;
  readonly nn: number;
}): number {
  const { rows, hits, xx, xn, nn } = sums;
  const share = rows === 0 ? 0 : hits / rows;
  const independent = rows * share * (1 - share);
  return independent <= 0
    ? 1
    : Math.max(1, Math.round((1e6 * (xx - 2 * share * xn + share * share * nn)) / independent) / 1e6);
}
