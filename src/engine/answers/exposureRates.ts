import type { Answers } from '../../core/data/facts.ts';
import type { SamplingRequest } from '../../protocol/sampling.ts';
import type { Work } from '../database/connections.ts';
import { exposureSql } from '../inputs/facts/groupFacts.ts';
import { SampledTables } from '../inputs/sampledTables.ts';
import { anyEvent } from '../inputs/world/counts.ts';
import { Worlds } from '../inputs/world/loadedWorld.ts';
import { within } from '../inputs/world/within.ts';
import type { QuestionAnswerer } from './question.ts';
import { sampleTable } from './samples.ts';
import type { Tables } from '../tables/tables.ts';

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
    const rows = sampleTable(tables, samples, timezone);
    const splits: Split[] = [];
    for (const request of requests) {
      const found = await ofSplit(tables, { rows, hasWeight: samples.columns.weight !== undefined, request }, work);
      if (found !== null) splits.push(found);
    }
    return { splits };
  },
};

/** Null without positives and negatives on both sides. */
async function ofSplit(
  tables: Tables,
  {
    rows,
    hasWeight,
    request: { plan, data },
  }: { readonly rows: string; readonly hasWeight: boolean; readonly request: SamplingRequest },
  work: Work,
): Promise<Split | null> {
  const sampled = await SampledTables.open(tables, { log: data.log }, plan.timezone, work);
  const windows = await new Worlds().windows(sampled, plan, work);
  const events = plan.positives.events.map(({ name }) => name);
  const positive = `(${anyEvent(sampled, events, windows.knownUntil)})`;
  const weight = hasWeight ? 'TRY_CAST(weight AS DOUBLE)' : 'CAST(NULL AS DOUBLE)';
  const calibration = plan.exposures?.calibration ?? null;
  const weightOfPositive = calibration === null ? '1.0' : 'weight';
  const [found = []] = await tables.rows(
    `WITH held AS MATERIALIZED (SELECT "user", time, "time@to", label, ${weight} AS weight FROM ${rows} WHERE "user" IS NOT NULL AND label IS NOT NULL AND ${within('time', windows.split)}),
      own AS (SELECT "user", count(*) FILTER (WHERE label)::DOUBLE AS p, count(*) FILTER (WHERE NOT label)::DOUBLE AS n, sum(weight) FILTER (WHERE NOT label) AS w, sum(${weightOfPositive}) FILTER (WHERE label) AS v FROM held GROUP BY "user"),
      shown AS (SELECT "user", count(*) FILTER (WHERE ${positive})::DOUBLE AS c, count(*) FILTER (WHERE NOT ${positive})::DOUBLE AS m FROM ${exposureSql(sampled, plan, windows)}
        WHERE ${within('time', windows.split)} AND time BETWEEN (SELECT min(time) FROM held) AND (SELECT max("time@to") FROM held) GROUP BY "user"),
      users AS MATERIALIZED (SELECT coalesce(p, 0) AS p, coalesce(n, 0) AS n, coalesce(w, 0) AS w, coalesce(v, 0) AS v, coalesce(c, 0) AS c, coalesce(m, 0) AS m FROM own FULL JOIN shown USING ("user")),
      sums AS (SELECT sum(p) AS p, sum(n) AS n, sum(w) AS w, sum(v) AS v, sum(c) AS c, sum(m) AS m FROM users)
    SELECT any_value(s.p), any_value(s.n), any_value(s.c), any_value(s.m), any_value(s.w), any_value(s.v), sqrt(sum((u.n / s.n - u.m / s.m - u.p / s.p + u.c / s.c) ** 2)), sqrt(sum((u.w / s.w - u.m / s.m - coalesce(u.v / nullif(s.v, 0), 0) + u.c / s.c) ** 2))
      FROM users u, sums s WHERE s.p > 0 AND s.n > 0 AND s.c > 0 AND s.m > 0`,
    work,
  );
  const [positives = 0, negatives = 0, chosen = 0, passed = 0, weights = 0, chosenWeights = 0, ...errors] =
    found.map(Number);
  const [error = 0, weightError = 0] = errors;
  if (positives === 0) return null;
  return {
    split: plan.split,
    file: { positives, negatives },
    log: { positives: chosen, negatives: passed },
    error,
    weights: weights > 0 ? { positives: chosenWeights, negatives: weights, error: weightError } : null,
    downsample: plan.exposures?.downsample ?? 1,
    calibration,
  };
}
