import { stagesReached } from '../../core/source/drawPlan.ts';
import { numberIn } from '../database/numberIn.ts';
import { quoteLiteral } from '../sql/quote.ts';
import { roleTable } from '../tables/roleTable.ts';
import type { QuestionAnswerer } from './question.ts';

/** Most values that a finding names. */
const MAX_VALUES = 5;

/** The values of `reached` in the candidates that are no stage of the funnel. */
export const candidateStages: QuestionAnswerer<'candidate-stages'> = {
  tables: ({ candidates }) => [candidates.ref],
  async answer({ candidates, timezone }, tables, work) {
    const rows = roleTable(tables.table(candidates.ref), candidates, { timezone });
    const isKnown = `reached IN (${stagesReached.map(quoteLiteral).join(', ')})`;
    const [counts] = await tables.rows(
      `SELECT count(reached), count(*) FILTER (WHERE NOT ${isKnown}) FROM ${rows}`,
      work,
    );
    const values = await tables.rows(
      `SELECT reached, count(*) AS n FROM ${rows} WHERE NOT ${isKnown} GROUP BY reached ORDER BY n DESC, reached LIMIT ${MAX_VALUES}`,
      work,
    );
    return {
      rows: numberIn(counts),
      unknown: numberIn(counts, 1),
      values: values.map((row) => ({ value: String(row[0]), rows: numberIn(row, 1) })),
    };
  },
};
