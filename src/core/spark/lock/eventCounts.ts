import { equalRows, type MatchedEvents } from '../inputs/events.ts';
import { and, col, int, or, sql, sum, text, when } from '../../relation/expression.ts';
import { select, unionAll } from '../../relation/relation.ts';
import type { Expression, Relation } from '../../relation/tree.ts';

/** By table of events, how many of them have an impression, and how many have none, up to a time. */
export function eventCounts({ counted }: Pick<MatchedEvents, 'counted'>, until: Expression): Relation | null {
  if (counted.length === 0) return null;
  return unionAll(
    ...counted.map(({ name, step, sure }) => {
      const isShown = and(sql`${col('shown')} IS NOT NULL`, sql`${col('shown')} <= ${until}`);
      return select(
        [
          ['name', text(name)],
          ['matched', sum(when([[isShown, col(equalRows)]], int(0)))],
          ['unmatched', sum(when([[isShown, int(0)]], col(equalRows)))],
        ],
        step,
        { where: [or(...sure.map((flag) => col(flag))), or(sql`${col('t')} IS NULL`, sql`${col('t')} <= ${until}`)] },
      );
    }),
  );
}
