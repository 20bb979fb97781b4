import type { Answers } from '../../core/data/facts.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { Work } from '../database/connections.ts';
import { exposureSql } from '../inputs/facts/groupFacts.ts';
import { SampledTables } from '../inputs/sampledTables.ts';
import { anyEvent } from '../inputs/world/counts.ts';
import { Worlds } from '../inputs/world/loadedWorld.ts';
import { within } from '../inputs/world/within.ts';
import { sharedCounts } from '../tables/askedCounts.ts';
import type { ExposureCounts } from '../tables/countedSample.ts';
import type { QuestionAnswerer } from './question.ts';
import { sampleTable } from './samples.ts';

type Split = Answers['exposure-rates']['splits'][number];

/**
 * Positives and negatives of a file and of the log, by split. The file may hold only a part of the window or of the
 * users. So the log counts from its first to its last row, and negatives are compared relative to positives.
 */
export const exposureRates: QuestionAnswerer<'exposure-rates'> = {
  tables: ({ samples, requests }) => [
    samples.ref,
    ...requests.flatMap(({ data: { log } }) => [log.impressions.ref, ...(log.clicks ?? []).map(({ ref }) => ref)]),
  ],
  async answer({ samples, requests, timezone }, tables, work) {
    const rows = { sql: sampleTable(tables, samples, timezone), hasWeight: samples.columns.weight !== undefined };
    const splits: Split[] = [];
    for (const { plan, data } of requests) {
      const counts =
        sharedCounts(tables, samples, 'exposure-rates', plan) ??
        (await countExposures(
          rows,
          plan,
          await SampledTables.open(tables, { log: data.log }, plan.timezone, work),
          work,
        ));
      const { file, log } = counts;
      if ([file.positives, file.negatives, log.positives, log.negatives].includes(0)) continue;
      const { downsample = null, calibration = null } = plan.exposures ?? {};
      splits.push({ split: plan.split, ...counts, downsample: downsample ?? 1, calibration });
    }
    return { splits };
  },
};

/** For the rule and the metric. `rows`: as roles, with a user and a time. */
export async function countExposures(
  rows: { readonly sql: string; readonly hasWeight: boolean },
  plan: StagePlan,
  sampled: SampledTables,
  work: Work,
): Promise<ExposureCounts> {
  const windows = await new Worlds().windows(sampled, plan, work);
  const events = plan.positives.events.map(({ name }) => name);
  const positive = `(${anyEvent(sampled, events, windows.knownUntil)})`;
  const weight = rows.hasWeight ? 'TRY_CAST(weight AS DOUBLE)' : 'CAST(NULL AS DOUBLE)';
  const weightOfPositive = (plan.exposures?.calibration ?? null) === null ? '1.0' : 'weight';
  const [counts = []] = await sampled.tables.rows(
    `WITH held AS MATERIALIZED (SELECT "user", time, "time@to", label, ${weight} AS weight FROM ${rows.sql} WHERE "user" IS NOT NULL AND label IS NOT NULL AND ${within('time', windows.split)}),
      own AS (SELECT "user", count(*) FILTER (WHERE label)::DOUBLE AS p, count(*) FILTER (WHERE NOT label)::DOUBLE AS n, sum(weight) FILTER (WHERE NOT label) AS w, sum(${weightOfPositive}) FILTER (WHERE label) AS v FROM held GROUP BY "user"),
      shown AS (SELECT "user", count(*) FILTER (WHERE ${positive})::DOUBLE AS c, count(*) FILTER (WHERE NOT ${positive})::DOUBLE AS m FROM ${exposureSql(sampled, plan, windows)}
        WHERE ${within('time', windows.split)} AND time BETWEEN (SELECT min(time) FROM held) AND (SELECT max("time@to") FROM held) GROUP BY "user"),
      users AS MATERIALIZED (SELECT coalesce(p, 0) AS p, coalesce(n, 0) AS n, coalesce(w, 0) AS w, coalesce(v, 0) AS v, coalesce(c, 0) AS c, coalesce(m, 0) AS m FROM own FULL JOIN shown USING ("user")),
      sums AS (SELECT sum(p) AS p, sum(n) AS n, sum(w) AS w, sum(v) AS v, sum(c) AS c, sum(m) AS m FROM users)
    SELECT any_value(s.p), any_value(s.n), any_value(s.c), any_value(s.m), any_value(s.w), any_value(s.v), sqrt(sum((u.n / s.n - u.m / s.m - u.p / s.p + u.c / s.c) ** 2)), sqrt(sum((u.w / s.w - u.m / s.m - coalesce(u.v / nullif(s.v, 0), 0) + u.c / s.c) ** 2))
      FROM users u, sums s`,
    work,
  );
  const [positives = 0, negatives = 0, clicked = 0, unclicked = 0, weights = 0, positiveWeights = 0, ...errors] =
    counts.map(Number);
  const [error = 0, weightError = 0] = errors;
  return {
    file: { positives, negatives },
    log: { positives: clicked, negatives: unclicked },
    error,
    weights: weights > 0 ? { positives: positiveWeights, negatives: weights, error: weightError } : null,
  };
}
