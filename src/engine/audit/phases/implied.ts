import { implied, type GroupSums, type ImpliedCounts } from '../../../core/audit/metrics/implied.ts';
import type { ClusterSums } from '../../../core/statistics/ratioInterval.ts';
import { message } from '../../../core/message/message.ts';
import { squares } from '../../answers/userRates.ts';
import type { Rows, Work } from '../../database/connections.ts';
import { numberIn, optionalNumberIn } from '../../database/numberIn.ts';
import type { AuditWorld } from '../auditWorld.ts';
import { groupCounts, userCounts } from '../groupCounts.ts';
import { exposedPairs } from '../exposedPairs.ts';
import { inputItems } from '../itemCounts.ts';
import { overviewOf } from '../overview.ts';
import type { Phase } from '../phase.ts';
import { exposedRowCounts } from '../shownRows.ts';

const label = message('Inferring how the file was drawn');

/** Unit and ratio that the file implies, and the classes of negatives whose source it does not name. */
export const impliedPhase: Phase = {
  label,
  metrics: ['implied'],
  needs: ['label'],
  async run(world, work) {
    const { sample, request } = world;
    const { plan } = request;
    return {
      implied: implied.measure({
        namesPositive: sample.has('positive_item') || sample.found.layout === 'wide',
        ratio: sample.has('user') ? await ratioOf(world, work) : null,
        groups: await groupSums(world, work),
        logged: await shownShare(world, work),
        classes: sample.isInferred ? await classesOf(world, work) : null,
        shownByChance: sample.isInferred ? await shownByChance(world, work) : null,
        config: plan && {
          unit: plan.unit,
          perGroup: plan.amounts.kind === 'shares' ? plan.amounts.perGroup : null,
        },
      }),
    };
  },
};

async function ratioOf(world: AuditWorld, work: Work): Promise<ClusterSums> {
  const [row] = await world.rows(
    `SELECT count(*), sum(n), sum(p), sum(n * n), sum(n * p), sum(p * p) FROM ${await userCounts(world, work)} WHERE "user" IS NOT NULL`,
    label,
    work,
  );
  return sumsIn(row);
}

function sumsIn(row: Rows[number] | undefined): ClusterSums {
  const at = (column: number): number => numberIn(row, column);
  return { clusters: at(0), x: at(1), y: at(2), xx: at(3), xy: at(4), yy: at(5) };
}

/** Groups are requests or times of a user, whatever positive their negatives belong to; else users. */
async function groupSums(world: AuditWorld, work: Work): Promise<GroupSums | null> {
  const { sample } = world;
  const user = sample.has('user') ? ['"user"'] : [];
  const key = sample.has('request')
    ? [...user, 'request']
    : sample.has('time') && sample.has('user')
      ? [...user, 'time']
      : sample.found.layout === 'long'
        ? user
        : ['"@row"'];
  if (key.length === 0) return null;
  const groups = await groupCounts(world, work);
  const counts =
    groups !== null && key.every((column) => groups.key.includes(column))
      ? `CAST(sum(n) AS BIGINT) AS n, CAST(sum(p) AS BIGINT) AS p FROM ${groups.sql}`
      : `count(*) FILTER (WHERE label = false) AS n, count(*) FILTER (WHERE label) AS p FROM ${sample.sql}`;
  const [row] = await world.rows(
    `SELECT count(*), count(*) FILTER (WHERE p = 0), sum(p), sum(n), sum(p * p), sum(p * n), sum(n * n) FROM (SELECT ${counts} GROUP BY ${key.join(', ')})`,
    label,
    work,
  );
  const at = (column: number): number => numberIn(row, column);
  return { groups: at(0), withoutPositive: at(1), x: at(2), y: at(3), xx: at(4), xy: at(5), yy: at(6) };
}

async function shownShare(world: AuditWorld, work: Work): Promise<ImpliedCounts['logged']> {
  const { sample, inputs } = world;
  if (inputs === null || !sample.has('user') || world.differentIds('user') || world.differentIds('item')) return null;
  const { rows } = await overviewOf(world, work);
  const [row] = await world.rows(`SELECT sum(n) FROM ${await exposedRowCounts(world, work)}`, label, work);
  return { rows, exposures: numberIn(row) };
}

async function classesOf(world: AuditWorld, work: Work): Promise<ImpliedCounts['classes']> {
  const found = await world.rows(
    `WITH own AS (SELECT "user", "@class" AS c, count(*) AS n FROM ${world.sample.sql} WHERE label = false GROUP BY ALL),
      users AS (SELECT "user", sum(n) AS y FROM own GROUP BY "user"),
      whole AS (SELECT sum(CASE WHEN "user" IS NULL THEN y ELSE 1 END) AS clusters, sum(y) AS y, ${squares('y', 'y')} AS yy FROM users)
    SELECT w.clusters, sum(n), w.y, ${squares('n', 'n', 'own."user"')}, ${squares('n', 'u.y', 'own."user"')}, w.yy, c FROM own JOIN users u ON u."user" IS NOT DISTINCT FROM own."user" CROSS JOIN whole w GROUP BY ALL ORDER BY sum(n) DESC, c`,
    label,
    work,
  );
  return found.map((row) => ({ name: String(row[6]), shares: sumsIn(row) }));
}

/** Mean over the negatives of the share of the corpus that their user was shown. */
async function shownByChance(world: AuditWorld, work: Work): Promise<number | null> {
  if (!world.inputs?.corpus()) return null;
  const items = await inputItems(world, work);
  const [row] = await world.rows(
    `WITH corpus AS (SELECT item FROM ${items} WHERE listed = 1),
      shown AS (SELECT "user", count(*) / (SELECT count(*) FROM corpus) AS share FROM ${await exposedPairs(world, work)} e JOIN corpus USING (item) WHERE unclicked GROUP BY "user")
    SELECT avg(coalesce(share, 0)) FROM ${world.sample.sql} s LEFT JOIN shown ON shown."user" = s."user" WHERE s.label = false`,
    label,
    work,
  );
  return optionalNumberIn(row);
}
