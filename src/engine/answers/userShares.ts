import { askedCounts } from '../tables/askedCounts.ts';
import type { Answering } from './question.ts';
import { sampleTable } from './samples.ts';

/** The most frequent 1 % of the users, rounded up, and the number of their rows. */
export const userShares: Answering<'user-shares'> = {
  tables: ({ samples }) => [samples.ref],
  async answer({ samples, timezone }, tables, work) {
    const counted = askedCounts(tables, samples)?.users ?? null;
    const per =
      counted === null
        ? `SELECT "user", count(*) AS n FROM ${sampleTable(tables, samples, timezone)} GROUP BY "user"`
        : `SELECT "user", r AS n FROM ${counted}`;
    const [row = []] = await tables.rows(
      `WITH per AS MATERIALIZED (${per}),
        known AS MATERIALIZED (SELECT n FROM per WHERE "user" IS NOT NULL),
        top AS (SELECT (count(*) + 99) // 100 AS k FROM known)
      SELECT (SELECT coalesce(sum(n), 0) FROM per), (SELECT count(*) FROM known), (SELECT k FROM top), (SELECT coalesce(sum(n), 0) FROM (SELECT n FROM known ORDER BY n DESC LIMIT (SELECT k FROM top)))`,
      work,
    );
    const [rows, users, topUsers, topRows] = row.map(Number);
    return { rows: rows ?? 0, users: users ?? 0, topUsers: topUsers ?? 0, topRows: topRows ?? 0 };
  },
};
