import { effectiveShare } from '../../../core/audit/metrics/effectiveShare.ts';
import type { ClusterSums } from '../../../core/audit/ratioInterval.ts';
import { message } from '../../../core/message/message.ts';
import type { Rows } from '../../database/connections.ts';
import { numberIn, optionalNumberIn, textIn } from '../../database/numberIn.ts';
import type { Phase } from '../phase.ts';
import { entryColumn } from './mix.ts';

const label = message('Summing corrections');
/** Exponents that differ by less have summands in the range of doubles. */
const widest = 600;

/** What each entry contributes to the loss at equal scores, from the column `logq_correction`. */
export const effectiveSharePhase: Phase = {
  label,
  metrics: ['effective_share'],
  lacks: (world) =>
    !world.sample.hasLabel()
      ? message('there is no label column')
      : !world.sample.has('logq_correction')
        ? message('there is no column {0}', 'logq_correction')
        : entryColumn(world) === null
          ? message('there is no column with the source or the entry of the negatives')
          : world.sample.groupKey() === null
            ? message('the columns do not identify groups')
            : null,
  async run(world, work) {
    const { sample, request } = world;
    const key = (sample.groupKey() ?? []).join(', ');
    const batch = request.plan?.inBatch ?? null;
    const hasBatch = batch !== null && sample.has('logq_correction_batch');
    const scale = hasBatch
      ? `(SELECT ${batch.batchSize - 1} * coalesce(avg(exp(-logq_correction_batch)), 0) FROM ${sample.sql} WHERE label)`
      : '0.0::DOUBLE';
    const [missing] = await world.rows(
      `SELECT count(*) FILTER (WHERE logq_correction IS NULL), min(-logq_correction), max(-logq_correction) FROM ${sample.sql} WHERE label = false`,
      label,
      work,
    );
    // Sums are relative to a large summand, so that none overflows: to the largest of all, or of the group if some
    // would vanish next to it.
    const [least, largest] = [optionalNumberIn(missing, 1) ?? 0, optionalNumberIn(missing, 2) ?? 0];
    const most =
      largest - least < widest ? `CAST(${largest} AS DOUBLE)` : `max(-logq_correction) OVER (PARTITION BY ${key})`;
    const joined = (sample.groupKey() ?? []).map((name) => `g.${name} IS NOT DISTINCT FROM p.${name}`).join(' AND ');
    const found = await world.rows(
      `WITH own AS (SELECT ${key}, ${sample.has('user') ? '"user" AS cluster' : '0 AS cluster'}, ${entryColumn(world) ?? ''} AS e, -logq_correction AS c, ${most} AS most FROM ${sample.sql} WHERE label = false AND logq_correction IS NOT NULL),
        parts AS MATERIALIZED (SELECT ${key}, e, any_value(cluster) AS cluster, any_value(most) AS most, count(*) AS rows, sum(exp(c - most)) AS part FROM own GROUP BY ${key}, e),
        wholes AS MATERIALIZED (SELECT ${key}, any_value(cluster) AS cluster, sum(part) AS drawn, any_value(${scale} * exp(-most)) AS batch FROM parts GROUP BY ${key}),
        shared AS (SELECT p.*, g.drawn + g.batch AS whole FROM parts p JOIN wholes g ON ${joined}),
        groups AS (SELECT cluster, batch / (drawn + batch) AS batch FROM wholes),
        clusters AS (SELECT cluster, count(*) AS y, sum(batch) AS b FROM groups GROUP BY cluster),
        all_y AS (SELECT count(*) AS clusters, sum(y) AS y, sum(y * y) AS yy, sum(b) AS b, sum(b * b) AS bb, sum(b * y) AS byy FROM clusters),
        summed AS (SELECT e, cluster, sum(rows) AS rows, sum(part / whole) AS x FROM shared GROUP BY e, cluster)
      SELECT e, sum(s.rows), a.clusters, sum(x), a.y, sum(x * x), sum(x * c.y), a.yy, a.b, a.bb, a.byy
      FROM summed s JOIN clusters c USING (cluster) CROSS JOIN all_y a GROUP BY ALL ORDER BY sum(x) DESC, e`,
      label,
      work,
    );
    const rows = found.reduce((sum, row) => sum + numberIn(row, 1), 0);
    const [first] = found;
    const recorded = request.recorded?.flatMap(({ entry, effectiveShare: share = null }) =>
      share === null ? [] : [[entry, share] as const],
    );
    return {
      effective_share: effectiveShare.of({
        rows,
        uncorrected: numberIn(missing),
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

function sumsIn(row: Rows[number]): ClusterSums {
  const [clusters, x, y, xx, xy, yy] = [2, 3, 4, 5, 6, 7].map((column) => numberIn(row, column));
  return { clusters: clusters ?? 0, x: x ?? 0, y: y ?? 0, xx: xx ?? 0, xy: xy ?? 0, yy: yy ?? 0 };
}
