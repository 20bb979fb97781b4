import { rows as rowsMetric, type CountSpread } from '../../../core/audit/metrics/rows.ts';
import { message } from '../../../core/message/message.ts';
import type { Work } from '../../database/connections.ts';
import { numberIn, optionalNumberIn } from '../../database/numberIn.ts';
import type { AuditWorld } from '../auditWorld.ts';
import { groupCounts, rowsWithoutUser, userCounts } from '../groupCounts.ts';
import { rowsWithoutItem, sampleItems } from '../itemCounts.ts';
import { labelValues, overviewOf } from '../overview.ts';
import type { Phase } from '../phase.ts';

const label = message('Counting rows');
const mostLabels = 10;

/** Counts of rows, users, items and labels, and how many negatives each positive and each user has. */
export const rowsPhase: Phase = {
  label,
  metrics: ['rows'],
  async begin(world, work) {
    const isLabelled = world.sample.hasLabel();
    const { rows, positives, negatives } = await overviewOf(world, work);
    return {
      rows: rowsMetric.measure({
        rows,
        positives,
        negatives,
        withoutUser: null,
        withoutItem: null,
        users: null,
        items: null,
        negativesPerUser: null,
        positivesPerUser: null,
        groupsWithoutPositive: null,
        labels: isLabelled ? [] : null,
      }),
    };
  },
  async run(world, work) {
    const { sample } = world;
    const labelled = sample.hasLabel();
    const { rows, positives, negatives } = await overviewOf(world, work);
    const counted = async (from: string): Promise<number> =>
      numberIn((await world.rows(`SELECT count(*) FROM ${from}`, label, work))[0]);
    const users = sample.has('user') && labelled ? await perUser(world, work) : null;
    const groups = labelled ? await perGroup(world, work) : null;
    return {
      rows: rowsMetric.measure({
        rows,
        positives,
        negatives,
        users: sample.has('user') ? await counted(`${await userCounts(world, work)} WHERE "user" IS NOT NULL`) : null,
        items: sample.has('item')
          ? await counted(`${(await sampleItems(world, work)).sql} WHERE item IS NOT NULL`)
          : null,
        withoutUser: sample.has('user') ? await rowsWithoutUser(world, work) : null,
        withoutItem: sample.has('item') ? await rowsWithoutItem(world, work) : null,
        perPositive: groups?.spread ?? null,
        groupsWithoutPositive: groups?.withoutPositive ?? null,
        negativesPerUser: users?.negatives ?? null,
        positivesPerUser: users?.positives ?? null,
        labels: sample.has('label') && sample.found.columns.label ? await labelsOf(world, work) : labelled ? [] : null,
      }),
    };
  },
};

/** Shares of the values, in percent. */
const percents = [5, 50, 95];

/**
 * The spread of the values `x` of a table, none of which is NULL. Few of them differ, so they are counted before they
 * are sorted. A quantile is the smallest value that at least its share of the values do not exceed.
 */
async function spreadOf(world: AuditWorld, x: string, from: string, work: Work): Promise<CountSpread> {
  const quantiles = percents.map((percent) => `min(x) FILTER (WHERE 100 * upto >= ${percent} * total)`).join(', ');
  const [row] = await world.rows(
    `SELECT coalesce(sum(n), 0), coalesce(sum(n) FILTER (WHERE x = 0), 0), ${quantiles}, max(x)
    FROM (SELECT x, n, sum(n) OVER (ORDER BY x) AS upto, sum(n) OVER () AS total FROM (SELECT ${x} AS x, count(*) AS n FROM ${from} GROUP BY x))`,
    label,
    work,
  );
  const value = (k: number): number | null => optionalNumberIn(row, k);
  return {
    groups: numberIn(row),
    zero: numberIn(row, 1),
    p5: value(2),
    p50: value(3),
    p95: value(4),
    max: value(5),
  };
}

async function perUser(
  world: AuditWorld,
  work: Work,
): Promise<{ readonly negatives: CountSpread; readonly positives: CountSpread }> {
  const users = `${await userCounts(world, work)} WHERE "user" IS NOT NULL`;
  return {
    negatives: await spreadOf(world, 'n', users, work),
    positives: await spreadOf(world, 'p', users, work),
  };
}

async function perGroup(
  world: AuditWorld,
  work: Work,
): Promise<{ readonly spread: CountSpread; readonly withoutPositive: number } | null> {
  const groups = await groupCounts(world, work);
  if (groups === null) return null;
  const [row] = await world.rows(`SELECT count(*) FROM ${groups.sql} WHERE p = 0`, label, work);
  return {
    spread: await spreadOf(world, 'n / p', `${groups.sql} WHERE p > 0`, work),
    withoutPositive: numberIn(row),
  };
}

async function labelsOf(
  world: AuditWorld,
  work: Work,
): Promise<readonly { readonly value: string; readonly rows: number }[]> {
  const found = await world.rows(
    `SELECT ${world.sample.labelText('value')} AS text, n FROM ${await labelValues(world, work)} ORDER BY n DESC, text LIMIT ${mostLabels}`,
    label,
    work,
  );
  return found.map((row) => ({ value: String(row[0]), rows: numberIn(row, 1) }));
}
