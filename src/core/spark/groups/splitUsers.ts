import { call, cast, col, countRows, double, fn, int, sql, valueOf, when } from '../../relation/expression.ts';
import { columnsFrom, from, join, select } from '../../relation/relation.ts';
import type { Script } from '../script.ts';
import type { Expression, Join, Relation } from '../../relation/tree.ts';

/**
 * Groups with equal values are drawn by one task. `part`: 0, except for users with so many groups that one task would
 * compute much longer than the others. Their groups have several parts, by request.
 */
export const userPart = ['user', 'part'] as const;

/** The fewest groups of a part of a user: below, a task takes less than a second. */
export const MIN_OF_PART = 4096;
/** A part has at most about this share of all groups, if they are many: 1/200. */
const PARTS = 200;

const users = 'split_users';

/** The number of parts of a user with some of all groups. */
export function partsOf(groups: number, all: number): number {
  const most = Math.max(MIN_OF_PART, Math.floor(all / PARTS));
  return groups > most ? Math.floor(groups / most) + 1 : 1;
}

/** The step `split_users`: users with several parts, and their number. `rows`: at least one for each group. */
export function addSplitUsers(script: Script, rows: string): void {
  const whole = (value: Expression): Expression => cast(fn('floor', value), 'BIGINT');
  const total = valueOf(select([['total', countRows]], rows));
  const most = fn('greatest', int(MIN_OF_PART), whole(sql`${cast(total, 'DOUBLE')} / ${double(PARTS)}`));
  const counts = select(['user', ['groups', countRows], ['most', most]], rows, { groupBy: [col('user')] });
  const share = sql`${cast(col('groups'), 'DOUBLE')} / ${cast(col('most'), 'DOUBLE')}`;
  script.noteRowsOnlyIf(
    users,
    select(['user'], rows, { groupBy: [col('user')], having: [sql`${countRows} > ${int(MIN_OF_PART)}`] }),
  );
  script.fewRows(
    users,
    select(['user', ['parts', sql`${whole(share)} + ${int(1)}`]], counts, {
      where: [sql`${col('groups')} > ${col('most')}`],
    }),
    `Users with more than ${MIN_OF_PART} groups and 1/${PARTS} of all: several tasks draw for them. Most jobs have none.`,
    'docs/dev/spark-jobs.md.',
  );
}

/** Join of rows with their user's parts, `h`. The users of the step are fewer than `PARTS`. */
export function splitJoin(row: string): Join {
  return { ...join('left', users, 'h', sql`${col('user', 'h')} = ${col('user', row)}`), few: true };
}

/** The part of a request of a user, with `splitJoin`. */
export function partOf(request: Expression): Expression {
  return when([[sql`${col('parts', 'h')} IS NOT NULL`, call('partOf', request, col('parts', 'h'))]], int(0));
}

/** Rows of requests with `part`. `request`: the key of the request of a row `s`. */
export function withPart(names: readonly string[], rows: Relation | string, request?: Expression): Relation {
  return select([...columnsFrom(names, 's'), ['part', partOf(request ?? col('request_key', 's'))]], from(rows, 's'), {
    joins: [splitJoin('s')],
  });
}

/** Rows of users with `part`: once for each part of their user. */
export function inEachPart(names: readonly string[], rows: Relation | string): Relation {
  const last = sql`${fn('coalesce', col('parts', 'h'), int(1))} - ${int(1)}`;
  return select([...columnsFrom(names, 's'), ['part', call('eachInteger', int(0), last)]], from(rows, 's'), {
    joins: [splitJoin('s')],
  });
}
