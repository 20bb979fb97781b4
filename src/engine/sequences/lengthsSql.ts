import type { Sequence } from '../../core/data/sequences.ts';
import type { StepRows } from './stepRows.ts';

/**
 * SQL of how many steps the histories of rows have, as a FROM item with `"user"`, `us` and `steps`. A step counts from its
 * time until a later step replaces it, it is too old, or its session is. So a history has the steps that began before its
 * cut-off, less those that ended before it.
 * @param rows SQL of the rows, as a FROM item: `"user"`, `us` (the read time) and `cutoff`, in microseconds
 */
export function lengthsSql(
  { length, dedup, lookback, session }: Pick<Sequence, 'length' | 'dedup' | 'lookback' | 'session'>,
  { sql, order }: Pick<StepRows, 'sql' | 'order'>,
  rows: string,
): string {
  const next = (value: string, by = ''): string => `lead(${value}) OVER (PARTITION BY "user"${by} ORDER BY ${order})`;
  const replaced = {
    none: 'NULL::BIGINT',
    consecutive: `CASE WHEN ${next('item')} = item THEN ${next('epoch_us(time)')} END`,
    item: next('epoch_us(time)', ', item'),
  }[dedup];
  const tooOld = lookback === null ? '' : `, began + ${lookback}`;
  const { gap, keep } = { gap: session?.gap ?? 0, keep: session?.keep ?? null };
  // `least` and `greatest` ignore NULL, which is the start of a session that does not come.
  // The session of a row that comes after a pause is a new one, so one session less is in its history.
  const sessions = `sessions AS (SELECT *, count(*) FILTER (WHERE began - before > ${gap}) OVER (PARTITION BY "user" ORDER BY began) AS session FROM begun),
    starts AS (SELECT "user", session, min(began) AS start FROM sessions GROUP BY ALL),
    ended AS (SELECT s."user", s.began, least(replaced${tooOld}, e.start) AS ended, least(replaced${tooOld}, CASE WHEN p.start IS NOT NULL THEN greatest(s.began, p.start) END) AS ended_after_pause FROM sessions s
      LEFT JOIN starts e ON e."user" = s."user" AND e.session = s.session + ${keep ?? 0}
      LEFT JOIN starts p ON p."user" = s."user" AND p.session = s.session + ${(keep ?? 0) - 1}),`;
  const ended = `ended AS (SELECT "user", began, least(replaced${tooOld}) AS ended, NULL::BIGINT AS ended_after_pause FROM begun),`;
  return `(WITH begun AS (SELECT "user", epoch_us(time) AS began, ${replaced} AS replaced, lag(epoch_us(time)) OVER (PARTITION BY "user" ORDER BY time) AS before FROM ${sql} WHERE time IS NOT NULL),
    ${keep === null ? ended : sessions}
    marks AS (SELECT "user", began AS mark, 1 AS kind, 1 AS n, 1 AS after_pause, began AS newest, NULL::BIGINT AS us FROM ended
      UNION ALL SELECT "user", ended, 1, -1, 0, NULL, NULL FROM ended WHERE ended IS NOT NULL
      UNION ALL SELECT "user", ended_after_pause, 1, 0, -1, NULL, NULL FROM ended WHERE ended_after_pause IS NOT NULL
      UNION ALL SELECT "user", cutoff, 0, 0, 0, NULL, us FROM ${rows}),
    counted AS (SELECT "user", us, kind, sum(n) OVER w AS n, sum(after_pause) OVER w AS after_pause, max(newest) OVER w AS newest FROM marks
      WINDOW w AS (PARTITION BY "user" ORDER BY mark, kind ROWS UNBOUNDED PRECEDING))
    SELECT "user", us, least(CASE WHEN ${keep !== null} AND us - newest > ${gap} THEN after_pause ELSE n END, ${length}) AS steps FROM counted WHERE kind = 0)`;
}
