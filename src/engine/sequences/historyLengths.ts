import type { Sequence } from '../../core/data/sequences.ts';
import { message } from '../../core/message/message.ts';
import type { HistoryLengths } from '../../core/data/facts.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { f64At } from '../../core/valueAt.ts';
import type { Work } from '../database/connections.ts';
import { exposureSql } from '../inputs/facts/groupFacts.ts';
import { positiveSql } from '../inputs/positiveSql.ts';
import { requestKeySql, requestSql } from '../inputs/requestSql.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';
import { within } from '../inputs/world/within.ts';
import type { Windows } from '../inputs/world/windows.ts';

/** Number of users, chosen by their ids, whose groups are counted. */
const MOST_USERS = 1000;
const DAY = 86_400_000_000;

/**
 * About how many steps the groups of a plan have: of up to 1,000 users, at the time of the group, without `dedup` and
 * `session`, and with days in UTC.
 * @param sequences each with SQL of its steps, as a FROM item with `"user"` and `time`
 */
export async function historyLengths(
  sampled: SampledTables,
  plan: StagePlan,
  windows: Windows,
  sequences: readonly { readonly sequence: Sequence; readonly steps: string }[],
  work: Work,
): Promise<HistoryLengths[]> {
  const parts = sequences.map(({ sequence, steps }, k) => {
    const { length, availableAfter, asOf, lookback } = sequence;
    const delayed = `epoch_us(time) - ${availableAfter}`;
    const cutOff = asOf === 'day' ? `(${delayed}) - (${delayed}) % ${DAY}` : delayed;
    // A row comes before the steps of its cut-off: it does not see them.
    const rows = [
      `SELECT "user", epoch_us(time) AS us, 1 AS step, NULL AS number, 0 AS sign FROM ${steps} SEMI JOIN chosen USING ("user") WHERE time IS NOT NULL`,
      `SELECT "user", ${cutOff}, 0, number, 1 FROM groups`,
      ...(lookback === null ? [] : [`SELECT "user", ${cutOff} - ${lookback}, 0, number, -1 FROM groups`]),
    ];
    return `SELECT ${k} AS k, sum(groups) AS groups, sum(steps) AS steps, sum(empty) AS empty, sum(stored) AS stored FROM (
      SELECT count(*) AS groups, sum(seen) AS steps, count(*) FILTER (seen = 0) AS empty, coalesce(max(newest) FILTER (seen > 0) - min(newest - seen) FILTER (seen > 0), 0) AS stored FROM (
        SELECT "user", least(sum(sign * passed), ${length}) AS seen, max(passed) AS newest FROM (
          SELECT "user", number, sign, sum(step) OVER (PARTITION BY "user" ORDER BY us, step ROWS UNBOUNDED PRECEDING) AS passed FROM (${rows.join(' UNION ALL ')})
        ) WHERE number IS NOT NULL GROUP BY "user", number
      ) GROUP BY "user")`;
  });
  const counted = await sampled.tables.columnar(
    `WITH all_groups AS MATERIALIZED (${groupTimes(sampled, plan, windows)}),
      chosen AS MATERIALIZED (SELECT "user" FROM all_groups GROUP BY "user" ORDER BY md5(CAST("user" AS VARCHAR)) LIMIT ${MOST_USERS}),
      groups AS MATERIALIZED (SELECT "user", time, request, row_number() OVER () AS number FROM all_groups SEMI JOIN chosen USING ("user")),
      lengths AS (${parts.join(' UNION ALL ')})
    SELECT ${['groups', 'steps', 'empty', 'stored'].map((column) => `CAST(coalesce(${column}, 0) AS DOUBLE)`).join(', ')},
      (SELECT CAST(count(*) AS DOUBLE) FROM (SELECT DISTINCT "user", request FROM groups))
    FROM lengths ORDER BY k`,
    message('Reading the steps of {0}', sequences.map(({ sequence }) => sequence.name).join(', ')),
    work,
  );
  const columns = [0, 1, 2, 3, 4].map((column) => counted.numbers(column));
  return sequences.map(({ sequence: { name } }, k) => {
    const [groups = 0, steps = 0, empty = 0, stored = 0, requests = 0] = columns.map((column) => f64At(column, k));
    return { name, groups, steps, empty, stored, requests };
  });
}

/** SQL of the user, the time and the request of each group. In the unit impression, `downsample` drops some of them. */
function groupTimes(sampled: SampledTables, plan: StagePlan, windows: Windows): string {
  const inside = within('time', windows.split);
  switch (plan.unit) {
    case 'positive':
      return `SELECT "user", time, CASE request WHEN '' THEN CAST(time AS VARCHAR) ELSE request END AS request FROM (${positiveSql(sampled, plan, windows)})`;
    case 'request':
      return `SELECT "user", time, key AS request FROM (${requestSql(sampled)}) WHERE ${inside}`;
    case 'impression':
      return `SELECT "user", time, ${requestKeySql(sampled)} AS request FROM ${exposureSql(sampled, plan, windows)} WHERE ${inside}`;
  }
}
