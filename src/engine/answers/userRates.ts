import { clusteredRate, type Rate } from '../../core/audit/rate.ts';
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

/**
 * SQL of the rows of each name, as a share of all: the name and `rateSums`.
 * @param counted FROM item with the number of rows `x` of each `name` and user `who`
 */
export function sharesByName(counted: string): string {
  return `WITH joined AS MATERIALIZED (SELECT name, x, sum(x) OVER (PARTITION BY who) AS n FROM ${counted})
    SELECT name, (SELECT sum(x) FROM joined), sum(x), sum(x * x), sum(x * n), (SELECT sum(x * n) FROM joined) FROM joined GROUP BY name ORDER BY name`;
}

/** The rate of the sums of `rateSums`. */
export function rateOf([rows = 0, hits = 0, xx = 0, xy = 0, yy = 0]: readonly number[]): Rate {
  return clusteredRate({ x: hits, y: rows, xx, xy, yy });
}
