import { teacher } from '../../../core/audit/metrics/teacher.ts';
import { message } from '../../../core/message/message.ts';
import { numberIn, textIn } from '../../database/numberIn.ts';
import type { Phase } from '../phase.ts';
import { entryColumn } from './mix.ts';

const label = message('Ranking values of the teacher');

/** Ranks of the teacher's values: the positives against all negatives, and against those of each entry. */
export const teacherPhase: Phase = {
  label,
  metrics: ['teacher'],
  usesEntries: true,
  needs: ['label', 'teacher'],
  async run(world, work) {
    const entry = entryColumn(world) ?? 'CAST(NULL AS VARCHAR)';
    const rows = `SELECT ${entry} AS e, label, teacher AS t FROM ${world.sample.sql} WHERE label IS NOT NULL`;
    const found = await world.rows(
      `WITH own AS MATERIALIZED (${rows}),
        entries AS (SELECT DISTINCT e, false AS whole FROM own WHERE label = false AND e IS NOT NULL UNION ALL SELECT NULL, true),
        compared AS (SELECT n.e, n.whole, o.label, o.t FROM entries n JOIN own o ON o.label OR n.whole OR o.e = n.e),
        sized AS (SELECT e, whole, t, count(*) AS size, count(*) FILTER (WHERE label) AS p, count(*) FILTER (WHERE NOT label) AS n FROM compared WHERE t IS NOT NULL GROUP BY e, whole, t),
        ranked AS (SELECT *, sum(size) OVER (PARTITION BY e, whole ORDER BY t ROWS UNBOUNDED PRECEDING) - (size - 1) / 2.0 AS rank FROM sized),
        summed AS (SELECT e, whole, sum(n) AS known, sum(p) AS positives, sum(p * rank) AS ranks, sum(CAST(size AS DOUBLE) * size * size - size) AS ties FROM ranked GROUP BY e, whole),
        negatives AS (SELECT e, whole, count(*) FILTER (WHERE NOT label) AS rows FROM compared GROUP BY e, whole)
      SELECT n.e, n.rows, s.known, s.positives, s.ranks, s.ties FROM negatives n LEFT JOIN summed s ON s.whole = n.whole AND s.e IS NOT DISTINCT FROM n.e ORDER BY n.e NULLS FIRST`,
      label,
      work,
    );
    return {
      teacher: teacher.measure(
        found.map((row) => ({
          entry: textIn(row),
          rows: numberIn(row, 1),
          known: numberIn(row, 2),
          positives: numberIn(row, 3),
          rankSum: numberIn(row, 4),
          ties: numberIn(row, 5),
        })),
      ),
    };
  },
};
