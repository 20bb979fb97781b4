import { clusteredRate, type Rate } from '../../core/statistics/rate.ts';
import type { Work } from '../database/connections.ts';
import type { Tables } from '../tables/tables.ts';

/**
 * SQL of sums over users: rows `n`, hits `x`, hits², hits·rows and rows². A row without a user is not alike any other, so
 * it counts as a user of its own.
 * @param x SQL of a number of hits
 * @param who SQL of the user of the counts; NULL: of all rows without a user
 */
export function rateSums(x = 'x', who = '"user"'): string {
  return `sum(n), sum(${x}), ${squares(x, x, who)}, ${squares(x, 'n', who)}, ${squares('n', 'n', who)}`;
}

/** SQL of Σ a·b over users. Of a row without a user, a and b are 0 or 1, and a·b is a if b counts all that a counts. */
export function squares(a: string, b: string, who = '"user"'): string {
  return `sum(CASE WHEN ${who} IS NULL THEN ${a} ELSE ${a} * ${b} END)`;
}

export const noRows: Rate = { rows: 0, hits: 0, design: 1 };

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
  const [rate] = await userRates(tables, from, [holds], byUser, work);
  return rate ?? noRows;
}

/** The same for several properties, counted in one pass. */
export async function userRates(
  tables: Tables,
  from: string,
  properties: readonly string[],
  byUser: boolean,
  work: Work,
): Promise<readonly Rate[]> {
  const rows = `(SELECT true AS every, ${byUser ? '*' : '*, NULL AS "user"'} FROM ${from})`;
  const found = await ratesBy(tables, rows, { by: 'every', properties, work });
  return found.get('true') ?? [];
}

interface RatesBy {
  /** A column of the rows. */
  readonly by: string;
  /** SQL of each property; NULL counts as false. */
  readonly properties: readonly string[];
  readonly work: Work;
}

/** The rates of several properties among the rows with each value of a column, by its text, counted in one pass. */
export async function ratesBy(
  tables: Tables,
  from: string,
  { by, properties, work }: RatesBy,
): Promise<ReadonlyMap<string, readonly Rate[]>> {
  const counts = properties.map((holds, k) => `(count(*) FILTER (WHERE ${holds}))::DOUBLE AS x${k}`);
  const sums = properties.map((_, k) => rateSums(`x${k}`));
  const found = await tables.rows(
    `SELECT ${by}, ${sums.join(', ')} FROM (SELECT ${by}, "user", count(*)::DOUBLE AS n, ${counts.join(', ')} FROM ${from} GROUP BY ${by}, "user") GROUP BY ${by}`,
    work,
  );
  return new Map(
    found.map(([value, ...numbers]) => [
      String(value),
      properties.map((_, k) => rateOf(numbers.slice(5 * k, 5 * k + 5).map(Number))),
    ]),
  );
}

/**
 * SQL of the rows of each name, as a share of all: the name and `rateSums`.
 * @param counted FROM item with the number of rows `x` of each `name` and user `who`; NULL: rows without a user
 */
export function sharesByName(counted: string): string {
  return `WITH joined AS MATERIALIZED (SELECT name, who, x, sum(x) OVER (PARTITION BY who) AS n FROM ${counted})
    SELECT name, (SELECT sum(x) FROM joined), sum(x), ${squares('x', 'x', 'who')}, ${squares('x', 'n', 'who')}, (SELECT ${squares('x', 'n', 'who')} FROM joined) FROM joined GROUP BY name ORDER BY name`;
}

/** The rate of the sums of `rateSums`. */
export function rateOf([rows = 0, hits = 0, xx = 0, xy = 0, yy = 0]: readonly number[]): Rate {
  return clusteredRate({ x: hits, y: rows, xx, xy, yy });
}
