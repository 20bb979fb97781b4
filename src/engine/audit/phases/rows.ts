import { rows as rowsMetric, type CountSpread } from '../../../core/audit/metrics/rows.ts';
import { message } from '../../../core/message/message.ts';
import type { Rows, Work } from '../../database/connections.ts';
import { numberIn, optionalNumberIn } from '../../database/numberIn.ts';
import type { AuditWorld } from '../auditWorld.ts';
import { groupCounts, rowsWithoutUser, userCounts } from '../groupCounts.ts';
import { rowsWithoutItem, sampleItems } from '../itemCounts.ts';
import { labelValues, overviewOf } from '../overview.ts';
import type { Phase } from '../phase.ts';

const label = message('Counting rows');
const quantiles = [0.05, 0.5, 0.95];
const mostLabels = 10;

/** Counts of rows, users, items and labels, and how many negatives each positive and each user has. */
export const rowsPhase: Phase = {
  label,
  metrics: ['rows'],
  lacks: () => null,
  async begin(world, work) {
    const isLabelled = world.sample.hasLabel();
    const { rows, positives, negatives } = await overviewOf(world, work);
    return {
      rows: rowsMetric.of({
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
      rows: rowsMetric.of({
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

/** SQL of the figures of a spread over the values `x` of a table. */
function spreadSql(x: string, where = 'true'): string {
  const some = quantiles.map((q) => `quantile_disc(${x}, ${q}) FILTER (WHERE ${where})`).join(', ');
  return `count(*) FILTER (WHERE ${where}), count(*) FILTER (WHERE ${where} AND ${x} = 0), ${some}, max(${x}) FILTER (WHERE ${where})`;
}

function spreadIn(row: Rows[number] | undefined, from: number): CountSpread {
  const value = (k: number): number | null => optionalNumberIn(row, from + k);
  return {
    groups: numberIn(row, from),
    zero: numberIn(row, from + 1),
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
  const [row] = await world.rows(
    `SELECT ${spreadSql('n')}, ${spreadSql('p')} FROM ${await userCounts(world, work)} WHERE "user" IS NOT NULL`,
    label,
    work,
  );
  return { negatives: spreadIn(row, 0), positives: spreadIn(row, 6) };
}

async function perGroup(
  world: AuditWorld,
  work: Work,
): Promise<{ readonly spread: CountSpread; readonly withoutPositive: number } | null> {
  const groups = await groupCounts(world, work);
  if (groups === null) return null;
  const [row] = await world.rows(
    `SELECT ${spreadSql('n / p', 'p > 0')}, count(*) FILTER (WHERE p = 0) FROM ${groups.sql}`,
    label,
    work,
  );
  return { spread: spreadIn(row, 0), withoutPositive: numberIn(row, 6) };
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
