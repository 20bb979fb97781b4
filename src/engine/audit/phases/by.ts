import { by } from '../../../core/audit/metrics/by.ts';
import { message } from '../../../core/message/message.ts';
import { insideSql } from '../../answers/log.ts';
import { numberIn, optionalNumberIn, textIn } from '../../database/numberIn.ts';
import { localSql } from '../localTime.ts';
import type { AuditWorld } from '../auditWorld.ts';
import type { Phase } from '../phase.ts';

const label = message('Counting rows by value');
const mostValues = 1000;

/** The counts of the rows for each day, split, or value of a column. */
export const byPhase: Phase = {
  label,
  metrics: ['by'],
  isAsked: ({ request }) => request.by !== null,
  lacks: ({ sample, request }) => {
    const timed = request.by === 'day' || request.by === 'split';
    if (timed && !sample.has('time') && !(request.by === 'split' && sample.has('split')))
      return message('there is no time column');
    if (request.by === 'split' && !sample.has('split') && request.plan === null)
      return message('it needs a config: give {0}', '--config');
    return null;
  },
  async run(world, work) {
    const { sample, request } = world;
    const name = request.by ?? '';
    const is = (value: string): string =>
      sample.hasLabel() ? `count(*) FILTER (WHERE label = ${value})` : 'CAST(0 AS BIGINT)';
    const users = sample.has('user') ? 'count(DISTINCT "user")' : 'NULL';
    const value = valueSql(world);
    const inOrder = name === 'day' || name === 'split';
    const found = await world.rows(
      `SELECT *, count(*) OVER (), sum(rows) OVER () FROM (SELECT ${value} AS v, count(*) AS rows, ${is('true')}, ${is('false')}, ${users}, count(DISTINCT item) FROM ${sample.sql} GROUP BY v) ORDER BY ${inOrder ? 'v' : 'rows DESC, v'} LIMIT ${mostValues}`,
      label,
      work,
    );
    return {
      by: by.of({
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

function valueSql({ sample, request: { by: name, plan, timezone } }: AuditWorld): string {
  if (name === 'day') return `CAST(CAST(${localSql('time', timezone)} AS DATE) AS VARCHAR)`;
  if (name !== 'split') return '"@by"';
  if (sample.has('split')) return 'split';
  const { train, eval: evaluated } = plan?.window ?? { train: null, eval: null };
  const inside = (period: typeof train): string => (period === null ? 'false' : insideSql('time', period, timezone));
  return `CASE WHEN ${inside(train)} THEN 'train' WHEN ${inside(evaluated)} THEN 'eval' END`;
}
