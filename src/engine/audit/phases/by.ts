import { by } from '../../../core/audit/metrics/by.ts';
import { message } from '../../../core/message/message.ts';
import { numberIn, optionalNumberIn, textIn } from '../../database/numberIn.ts';
import { missingByReason } from '../byColumn.ts';
import type { Phase } from '../phase.ts';

const label = message('Counting rows by value');
const mostValues = 1000;

/** The counts of the rows for each day, split, or value of a column. */
export const byPhase: Phase = {
  label,
  metrics: ['by'],
  isAsked: ({ request }) => request.by !== null,
  missingReason: missingByReason,
  async run(world, work) {
    const { sample, request } = world;
    const name = request.by ?? '';
    const is = (value: string): string =>
      sample.hasLabel() ? `count(*) FILTER (WHERE label = ${value})` : 'CAST(0 AS BIGINT)';
    const users = sample.has('user') ? 'count(DISTINCT "user")' : 'NULL';
    const inOrder = name === 'day' || name === 'split';
    const found = await world.rows(
      `SELECT *, count(*) OVER (), sum(rows) OVER () FROM (SELECT "@by" AS v, count(*) AS rows, ${is('true')}, ${is('false')}, ${users}, count(DISTINCT item) FROM ${sample.sql} GROUP BY v) ORDER BY ${inOrder ? 'v' : 'rows DESC, v'} LIMIT ${mostValues}`,
      label,
      work,
    );
    return {
      by: by.measure({
        by: name,
        values: found.map((row) => ({
          value: textIn(row),
          rows: numberIn(row, 1),
          positives: numberIn(row, 2),
          negatives: numberIn(row, 3),
          users: optionalNumberIn(row, 4),
          items: numberIn(row, 5),
        })),
        distinct: optionalNumberIn(found[0], 6) ?? 0,
        rows: optionalNumberIn(found[0], 7) ?? 0,
      }),
    };
  },
};
