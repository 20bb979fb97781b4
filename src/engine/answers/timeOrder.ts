import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { numberIn } from '../database/numberIn.ts';
import type { QuestionAnswerer } from './question.ts';
import { sampleTable } from './samples.ts';

/** Rows that are earlier than some row before them, in the order of the file. */
export const timeOrder: QuestionAnswerer<'time-order'> = {
  tables: ({ samples }) => [samples.ref],
  async answer({ samples, timezone }, tables, work) {
    if (samples.layout === 'wide') throw fail('bad-request', message('the layout wide has no order of its rows'));
    const [row] = await tables.rows(
      `SELECT count(*), count(*) FILTER (WHERE time < before) FROM (SELECT time, max(time) OVER (ROWS UNBOUNDED PRECEDING) AS before FROM ${sampleTable(tables, samples, timezone)})`,
      work,
    );
    return { rows: numberIn(row), earlier: numberIn(row, 1) };
  },
};
