import { sequenceWithoutLists, type Sequence } from '../../core/data/sequences.ts';
import { message } from '../../core/message/message.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { Work } from '../database/connections.ts';
import { needsBatchPool, trainBatching } from '../groups/batches/batchPool.ts';
import type { Batched } from '../groups/batches/batching.ts';
import { loadShortHistories, noShortHistories, shortPositives, type ShortHistories } from '../groups/shortHistories.ts';
import { positiveSql } from '../inputs/positiveSql.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';
import { amongUsers } from '../inputs/users/loadUsers.ts';
import { startsOfDays } from '../inputs/world/localTime.ts';
import type { Windows } from '../inputs/world/windows.ts';
import { lengthsSql } from './lengthsSql.ts';
import { stepRows } from './stepRows.ts';
import { stepTables } from './stepsSql.ts';

/**
 * Stores the positives with a short history, if the plan has `min_steps`.
 * @param users null: of all users
 */
export async function storeShortHistories(
  sampled: SampledTables,
  plan: StagePlan,
  windows: Windows,
  work: Work,
  users: readonly string[] | null = null,
): Promise<void> {
  if (plan.positives.minSteps === undefined) return;
  const chosen = users === null ? 'true' : amongUsers(users, sampled.userKind());
  await sampled.tables.statement(
    `CREATE OR REPLACE TABLE ${shortPositives(plan)} AS SELECT * FROM ${await shortSql(sampled, plan, windows, chosen, work)} ORDER BY "user"`,
    message('Reading the histories of the positives'),
    work,
  );
}

/** Stores those that a file of some users needs. Batches have the train positives of all users. */
export async function storeShortOfFile(batched: Batched, users: readonly string[] | null, work: Work): Promise<void> {
  const isBatched = needsBatchPool(batched.plan);
  for (const { sampled, plan, world } of new Set(isBatched ? [batched, trainBatching(batched)] : [batched]))
    await storeShortHistories(sampled, plan, world, work, isBatched ? null : users);
}

/** The short histories of some users, read from the files. */
export async function shortHistoriesOf(
  users: readonly string[],
  sampled: SampledTables,
  plan: StagePlan,
  windows: Windows,
  work: Work,
): Promise<ShortHistories> {
  if (plan.positives.minSteps === undefined) return noShortHistories;
  const isNamed = amongUsers(users, sampled.userKind());
  return await loadShortHistories(sampled.tables, await shortSql(sampled, plan, windows, isNamed, work), work);
}

/**
 * SQL of the positives with a short history, as a FROM item with the columns of `shortPositives`.
 * @param chosen condition on `"user"`
 */
async function shortSql(
  sampled: SampledTables,
  plan: StagePlan,
  windows: Windows,
  chosen: string,
  work: Work,
): Promise<string> {
  const { minSteps = [] } = plan.positives;
  const positives = `(SELECT DISTINCT "user", time, request FROM (${positiveSql(sampled, plan, windows)}) WHERE ${chosen})`;
  const known = requestTimesSql(sampled, chosen);
  const timed =
    known === null
      ? `SELECT *, epoch_us(time) AS us FROM ${positives}`
      : `SELECT p.*, epoch_us(least(p.time, k.time)) AS us FROM ${positives} p LEFT JOIN ${known} k ON k."user" = p."user" AND k.request = p.request`;
  const tables = stepTables(sampled.data.log);
  const short = await Promise.all(
    minSteps.map(async (rules, k) => {
      const sequence = sequenceWithoutLists(rules);
      const { sql, order } = stepRows(sampled, sequence, tables);
      const steps = { sql: `(SELECT * FROM ${sql} WHERE ${chosen})`, order };
      const rows = await cutOffsSql(sampled, sequence, `(${timed})`, work);
      return `SELECT "user", us, ${k} AS sequence, steps FROM ${lengthsSql(sequence, steps, rows)} WHERE steps < ${sequence.length}`;
    }),
  );
  return `(WITH positives AS MATERIALIZED (${timed}), reads AS (SELECT DISTINCT "user", us FROM positives),
    short AS (SELECT DISTINCT ON ("user", us) * FROM (${short.join(' UNION ALL ')}) ORDER BY "user", us, sequence)
    SELECT * FROM positives JOIN short USING ("user", us))`;
}

/** SQL of the earliest time of each request of the log, as a FROM item. Null without requests. docs/sampling.md: Read time. */
function requestTimesSql(sampled: SampledTables, chosen: string): string | null {
  const events = sampled.eventRequests();
  const rows = [
    ...(sampled.data.log.impressions.columns.request
      ? [`SELECT "user", CAST(request AS VARCHAR) AS request, time FROM ${sampled.exposures()}`]
      : []),
    ...(events === null ? [] : [`SELECT "user", request, time FROM ${events}`]),
  ];
  if (rows.length === 0) return null;
  return `(SELECT "user", request, min(time) AS time FROM (${rows.join(' UNION ALL ')}) WHERE ${chosen} AND request IS NOT NULL GROUP BY ALL)`;
}

/** SQL of the rows of `lengthsSql`, from the relation `reads`. @param positives SQL of the positives with their read times */
async function cutOffsSql(
  { tables, timezone }: SampledTables,
  { availableAfter, asOf }: Sequence,
  positives: string,
  work: Work,
): Promise<string> {
  const instant = `us - ${availableAfter}`;
  if (asOf === 'request') return `(SELECT "user", us, ${instant} AS cutoff FROM reads)`;
  const ends = await tables.columnar(
    `SELECT CAST(min(${instant}) AS DOUBLE), CAST(max(${instant}) AS DOUBLE) FROM ${positives} HAVING count(*) > 0`,
    message('Reading the histories of the positives'),
    work,
  );
  const days = [0, 1].flatMap((column) => [...ends.numbers(column)]);
  const starts = days.length === 0 ? [] : [...(await startsOfDays(tables, days, timezone, work))];
  return `(SELECT "user", us, start AS cutoff FROM reads ASOF JOIN (SELECT unnest([${starts.map((start) => BigInt(start)).join(', ')}]::BIGINT[]) AS start) ON ${instant} >= start)`;
}
