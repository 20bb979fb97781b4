import { topUsers, type UserRows } from '../../core/audit/metrics/users.ts';
import type { Rows } from '../database/connections.ts';
import { numberIn } from '../database/numberIn.ts';
import { matchingAuditCounts } from '../tables/askedCounts.ts';
import type { QuestionAnswerer } from './question.ts';
import { sampleTable } from './samples.ts';

/** The users with the most rows, as in the metric. */
export const userShares: QuestionAnswerer<'user-shares'> = {
  tables: ({ samples }) => [samples.ref],
  async answer({ samples, timezone }, tables, work) {
    const users =
      matchingAuditCounts(tables, samples)?.users ??
      `(SELECT "user", count(*) AS r FROM ${sampleTable(tables, samples, timezone)} GROUP BY "user")`;
    return topUsers((await tables.rows(userRowsSql(users), work)).map(userRowsIn));
  },
};

/** SQL of how many users have that many rows. `users`: a FROM item with `"user"` and `r` rows. */
export function userRowsSql(users: string): string {
  return `SELECT r, count(*) FROM ${users} WHERE "user" IS NOT NULL GROUP BY r ORDER BY r`;
}

export function userRowsIn(row: Rows[number]): UserRows[number] {
  return { rows: numberIn(row, 0), users: numberIn(row, 1) };
}
