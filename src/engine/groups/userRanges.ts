import { message } from '../../core/message/message.ts';
import { IntegerIds, StringIds } from '../../core/sampling/world/idTexts.ts';
import { f64At } from '../../core/valueAt.ts';
import type { Work } from '../database/connections.ts';
import { fitsInt64 } from '../database/fitsInt64.ts';
import { typeOf } from '../inputs/typeOf.ts';
import { literalOf } from '../inputs/users/loadUsers.ts';
import { idsOf, type Ids } from '../inputs/ids.ts';
import { storedUsers, type StoredTables } from '../inputs/storedTables.ts';

/** Consecutive users in the order of ids. */
export interface UserRange {
  /** Number of the first user. */
  readonly first: number;
  readonly users: readonly string[];
  /** SQL condition on a column `"user"`. */
  readonly chosen: string;
  /** Number of rows in all tables. */
  readonly rows: number;
  /** Number of their first row in the stored log. */
  readonly firstShown: number;
  /** Number of rows of each user in the stored log. */
  readonly shown: Float64Array;
}

/**
 * Splits the users of stored tables into ranges with at most `most` rows together. A single user may have more. `ids`:
 * ids of all users, by number. `further`: tables with more rows of users; their column `place` is the number of the user.
 */
export async function userRanges(
  stored: StoredTables,
  most: number,
  work: Work,
  further: readonly string[] = [],
): Promise<{ readonly ranges: UserRange[]; readonly ids: Ids }> {
  const sqlType = await typeOf(stored.tables, storedUsers, '"user"', work);
  const integers = fitsInt64(sqlType);
  const [rowsSql, joinSql] =
    further.length === 0
      ? ['rows', '']
      : [
          'rows + coalesce(more, 0)',
          `LEFT JOIN (SELECT place, count(*) AS more FROM (${further.map((table) => `SELECT place FROM ${table}`).join(' UNION ALL ')}) GROUP BY place) ON place = number`,
        ];
  const found = await stored.tables.columnar(
    `SELECT CAST("user" AS ${integers ? 'BIGINT' : 'VARCHAR'}), CAST(${rowsSql} AS DOUBLE), CAST(shown AS DOUBLE) FROM ${storedUsers} ${joinSql} ORDER BY number`,
    message('Reading the log'),
    work,
  );
  const texts = integers ? new IntegerIds(found.words(0)) : new StringIds(found.texts(0).map((user) => user ?? ''));
  const [counts, shown] = [found.numbers(1), found.numbers(2)];
  const ranges: UserRange[] = [];
  const kind = stored.userKind();
  let firstShown = 0;
  for (let first = 0; first < texts.count;) {
    let [end, rows] = [first + 1, f64At(counts, first)];
    while (end < texts.count && rows + f64At(counts, end) <= most) rows += f64At(counts, end++);
    const [from, to] = [first, end - 1].map((user) => literalOf(texts.textOf(user), kind) ?? 'NULL');
    ranges.push({
      first,
      users: Array.from({ length: end - first }, (_, k) => texts.textOf(first + k)),
      chosen: `"user" BETWEEN ${from ?? 'NULL'} AND ${to ?? 'NULL'}`,
      rows,
      firstShown,
      shown: shown.subarray(first, end),
    });
    for (let user = first; user < end; user++) firstShown += f64At(shown, user);
    first = end;
  }
  return { ranges, ids: idsOf(texts, sqlType) };
}
