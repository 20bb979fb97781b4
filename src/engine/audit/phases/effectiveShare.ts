import { effectiveShare } from '../../../core/audit/metrics/effectiveShare.ts';
import type { ClusterSums } from '../../../core/statistics/ratioInterval.ts';
import { message } from '../../../core/message/message.ts';
import type { Rows, Work } from '../../database/connections.ts';
import { numberIn, textIn } from '../../database/numberIn.ts';
import type { AuditWorld } from '../auditWorld.ts';
import { groupCounts } from '../groupCounts.ts';
import { nullsLast } from '../nullsLast.ts';
import { overviewOf } from '../overview.ts';
import type { Phase } from '../phase.ts';
import { entryColumn } from './mix.ts';

const label = message('Summing corrections');

/** What each entry contributes to the loss at equal scores, from the column `logq_correction`. */
export const effectiveSharePhase: Phase = {
  label,
  metrics: ['effective_share'],
  needs: ['label', 'logq_correction', 'entry', 'groups'],
  async run(world, work) {
    const { sample, request } = world;
    const batch = request.plan?.inBatch ?? null;
    const hasBatch = batch !== null && sample.has('logq_correction_batch');
    const scale = hasBatch
      ? `(SELECT ${batch.batchSize - 1} * coalesce(avg(exp(-logq_correction_batch)), 0) FROM ${sample.sql} WHERE label)`
      : '0.0::DOUBLE';
    const { corrections } = await overviewOf(world, work);
    const groups = await groupCounts(world, work);
    const found =
      groups?.entries && groups.most !== null
        ? await ofColumns(world, { ...groups, entries: groups.entries, most: groups.most }, scale, work)
        : await ofRows(world, scale, work);
    const rows = found.reduce((sum, row) => sum + numberIn(row, 1), 0);
    const [first] = found;
    const recorded = request.recorded?.flatMap(({ entry, effectiveShare: share = null }) =>
      share === null ? [] : [[entry, share] as const],
    );
    return {
      effective_share: effectiveShare.measure({
        rows,
        uncorrected: corrections?.missing ?? 0,
        entries: found.map((row) => ({ entry: textIn(row), rows: numberIn(row, 1), shares: sumsIn(row) })),
        inBatch:
          hasBatch && first
            ? { ...sumsIn(first), x: numberIn(first, 8), xx: numberIn(first, 9), xy: numberIn(first, 10) }
            : null,
        recorded:
          sample.has('entry') && recorded && recorded.length > 0 ? new Map<string | null, number>(recorded) : null,
      }),
    };
  },
};

/**
 * By entry, the largest share first: the entry, its rows, clusters, and the sums x, y, xx, xy and yy of `ClusterSums`; the
 * sums b, bb and by of the in-batch negatives. A cluster is a user, a group without a user, or all groups of a
 * file without users.
 */
type Found = Rows;

/** SQL that tells groups without a user apart: nothing says that they are of one user. */
const alone = ({ sample }: AuditWorld): string =>
  sample.has('user') ? 'CASE WHEN "user" IS NULL THEN row_number() OVER () END' : 'NULL';

/** From the columns of the groups. */
async function ofColumns(
  world: AuditWorld,
  { sql, entries, most }: { readonly sql: string; readonly entries: readonly (string | null)[]; readonly most: number },
  scale: string,
  work: Work,
): Promise<Found> {
  if (entries.length === 0) return [];
  const each = (of: (k: number) => string, between = ', '): string => entries.map((_, k) => of(k)).join(between);
  const [row] = await world.rows(
    `WITH wholes AS (SELECT ${world.sample.has('user') ? '"user"' : '0'} AS cluster, ${alone(world)} AS alone, ${each((k) => `c${k}, coalesce(x${k}, 0) AS x${k}`)}, ${each((k) => `coalesce(x${k}, 0)`, ' + ')} AS drawn, ${scale} * exp(-CAST(${most} AS DOUBLE)) AS batch FROM ${sql} WHERE ${each((k) => `c${k} > 0`, ' OR ')}),
      clusters AS (SELECT cluster, count(*) AS y, sum(batch / (drawn + batch)) AS b, ${each((k) => `sum(c${k}) AS c${k}, sum(x${k} / (drawn + batch)) AS x${k}`)} FROM wholes GROUP BY cluster, alone)
    SELECT count(*), sum(y), sum(y * y), sum(b), sum(b * b), sum(b * y), ${each((k) => [`c${k}`, `x${k}`, `x${k} * x${k}`, `x${k} * y`].map((x) => `sum(${x})`).join(', '))} FROM clusters`,
    label,
    work,
  );
  if (row === undefined) return [];
  const [clusters = 0, y = 0, yy = 0, b = 0, bb = 0, byy = 0, ...sums] = row;
  return entries
    .flatMap((entry, k): Rows => {
      const [rows = 0, x = 0, xx = 0, xy = 0] = sums.slice(4 * k, 4 * k + 4);
      return Number(rows) === 0 ? [] : [[entry, rows, clusters, x, y, xx, xy, yy, b, bb, byy]];
    })
    .sort((one, other) => numberIn(other, 3) - numberIn(one, 3) || nullsLast(textIn(one), textIn(other)));
}

/** From the rows: too many entries, or corrections of which some would vanish next to the largest. */
async function ofRows(world: AuditWorld, scale: string, work: Work): Promise<Found> {
  const { sample } = world;
  const key = (sample.groupKey() ?? []).join(', ');
  const joined = (sample.groupKey() ?? []).map((name) => `g.${name} IS NOT DISTINCT FROM p.${name}`).join(' AND ');
  // Sums are relative to the largest summand of the group, so that none overflows.
  return await world.rows(
    `WITH own AS (SELECT ${key}, ${sample.has('user') ? '"user" AS cluster' : '0 AS cluster'}, ${entryColumn(world) ?? ''} AS e, -logq_correction AS c, max(-logq_correction) OVER (PARTITION BY ${key}) AS most FROM ${sample.sql} WHERE label = false AND logq_correction IS NOT NULL),
      parts AS MATERIALIZED (SELECT ${key}, e, any_value(cluster) AS cluster, any_value(most) AS most, count(*) AS rows, sum(exp(c - most)) AS part FROM own GROUP BY ${key}, e),
      wholes AS MATERIALIZED (SELECT ${key}, any_value(cluster) AS cluster, sum(part) AS drawn, any_value(${scale} * exp(-most)) AS batch FROM parts GROUP BY ${key}),
      named AS MATERIALIZED (SELECT *, CASE WHEN cluster IS NULL THEN row_number() OVER () END AS alone FROM wholes),
      shared AS (SELECT p.*, g.alone, g.drawn + g.batch AS whole FROM parts p JOIN named g ON ${joined}),
      groups AS (SELECT cluster, alone, batch / (drawn + batch) AS batch FROM named),
      clusters AS (SELECT cluster, alone, count(*) AS y, sum(batch) AS b FROM groups GROUP BY cluster, alone),
      all_y AS (SELECT count(*) AS clusters, sum(y) AS y, sum(y * y) AS yy, sum(b) AS b, sum(b * b) AS bb, sum(b * y) AS byy FROM clusters),
      summed AS (SELECT e, cluster, alone, sum(rows) AS rows, sum(part / whole) AS x FROM shared GROUP BY e, cluster, alone)
    SELECT e, sum(s.rows), a.clusters, sum(x), a.y, sum(x * x), sum(x * c.y), a.yy, a.b, a.bb, a.byy
    FROM summed s JOIN clusters c ON c.cluster IS NOT DISTINCT FROM s.cluster AND c.alone IS NOT DISTINCT FROM s.alone CROSS JOIN all_y a GROUP BY ALL ORDER BY sum(x) DESC, e`,
    label,
    work,
  );
}

function sumsIn(row: Rows[number]): ClusterSums {
  const [clusters, x, y, xx, xy, yy] = [2, 3, 4, 5, 6, 7].map((column) => numberIn(row, column));
  return { clusters: clusters ?? 0, x: x ?? 0, y: y ?? 0, xx: xx ?? 0, xy: xy ?? 0, yy: yy ?? 0 };
}
