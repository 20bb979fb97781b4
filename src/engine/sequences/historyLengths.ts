import type { Sequence } from '../../core/data/sequences.ts';
import { message } from '../../core/message/message.ts';
import type { HistoryLengths } from '../../core/data/facts.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { f64At } from '../../core/valueAt.ts';
import type { Work } from '../database/connections.ts';
import { exposureSql } from '../inputs/facts/groupFacts.ts';
import { positiveSql } from '../inputs/positiveSql.ts';
import { requestSql } from '../inputs/requestSql.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';
import { within } from '../inputs/world/within.ts';
import type { Windows } from '../inputs/world/windows.ts';

/** Number of users, chosen by their ids, whose groups are counted. */
const MOST_USERS = 1000;
const DAY = 86_400_000_000;

/**
 * About how many steps the groups of a plan have: of up to 1,000 users, at the time of the group, without `dedup` and
 * `session`, and with days in UTC.
 * @param steps SQL of the steps, as a FROM item with `"user"` and `time`
 */
export async function historyLengths(
  sampled: SampledTables,
  plan: StagePlan,
  windows: Windows,
  sequence: Sequence,
  steps: string,
  work: Work,
): Promise<HistoryLengths> {
  const { name, length, availableAfter, asOf, lookback } = sequence;
  const delayed = `epoch_us(time) - ${availableAfter}`;
  const cutOff = asOf === 'day' ? `(${delayed}) - (${delayed}) % ${DAY}` : delayed;
  // A row comes before the steps of its cut-off: it does not see them.
  const rows = [
    'SELECT "user", epoch_us(time) AS us, 1 AS step, NULL AS number, 0 AS sign FROM steps',
    'SELECT "user", cutoff, 0, number, 1 FROM cut_offs',
    ...(lookback === null ? [] : [`SELECT "user", cutoff - ${lookback}, 0, number, -1 FROM cut_offs`]),
  ];
  const counted = await sampled.tables.columnar(
    `WITH all_rows AS MATERIALIZED (${groupTimes(sampled, plan, windows)}),
      chosen AS MATERIALIZED (SELECT "user" FROM all_rows GROUP BY "user" ORDER BY md5(CAST("user" AS VARCHAR)) LIMIT ${MOST_USERS}),
      cut_offs AS MATERIALIZED (SELECT "user", ${cutOff} AS cutoff, row_number() OVER () AS number FROM all_rows SEMI JOIN chosen USING ("user")),
      steps AS (SELECT "user", time FROM ${steps} SEMI JOIN chosen USING ("user") WHERE time IS NOT NULL),
      numbered AS (SELECT number, sign, sum(step) OVER (PARTITION BY "user" ORDER BY us, step ROWS UNBOUNDED PRECEDING) AS passed FROM (${rows.join(' UNION ALL ')})),
      seen AS (SELECT sum(sign * passed) AS n FROM numbered WHERE number IS NOT NULL GROUP BY number)
    SELECT CAST(count(*) AS DOUBLE), CAST(coalesce(sum(least(n, ${length})), 0) AS DOUBLE), CAST(count(*) FILTER (WHERE n = 0) AS DOUBLE) FROM seen`,
    message('Reading the steps of {0}', name),
    work,
  );
  const [groups, sum, empty] = [0, 1, 2].map((column) => f64At(counted.numbers(column), 0));
  return { name, groups: groups ?? 0, steps: sum ?? 0, empty: empty ?? 0 };
}

/** SQL of the user and the time of each group. In the unit impression, `downsample` drops some of them. */
function groupTimes(sampled: SampledTables, plan: StagePlan, windows: Windows): string {
  const inside = within('time', windows.split);
  switch (plan.unit) {
    case 'positive':
      return `SELECT "user", time FROM (${positiveSql(sampled, plan, windows)})`;
    case 'request':
      return `SELECT "user", time FROM (${requestSql(sampled)}) WHERE ${inside}`;
    case 'impression':
      return `SELECT "user", time FROM ${exposureSql(sampled, plan, windows)} WHERE ${inside}`;
  }
}
