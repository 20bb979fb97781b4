import { nulls } from '../../../core/audit/metrics/nulls.ts';
import { message } from '../../../core/message/message.ts';
import { numberIn } from '../../database/numberIn.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import type { Phase } from '../phase.ts';
import { nullColumn } from '../sampleRelation.ts';

const label = message('Counting NULLs');

/** NULLs of the columns without a role, in positives and in negatives. */
export const nullsPhase: Phase = {
  label,
  metrics: ['nulls'],
  needs: ['label'],
  missingReason({ sample }) {
    if (sample.found.layout !== 'long') return message('NULLs are counted only in the layout long');
    return sample.copied.length === 0 ? message('every column has a role') : null;
  },
  async run(world, work) {
    const { sample } = world;
    const counts = sample.copied
      .map((name) => quoteIdentifier(nullColumn(name)))
      .flatMap((isNull) => [`label AND ${isNull}`, `NOT label AND ${isNull}`]);
    const holds = ['label', 'NOT label', ...counts].map((when) => `count(*) FILTER (WHERE ${when})`);
    const [row] = await world.rows(`SELECT ${holds.join(', ')} FROM ${sample.sql}`, label, work);
    return {
      nulls: nulls.measure({
        positives: numberIn(row),
        negatives: numberIn(row, 1),
        columns: sample.copied.map((column, k) => ({
          column,
          ofPositives: numberIn(row, 2 * k + 2),
          ofNegatives: numberIn(row, 2 * k + 3),
        })),
      }),
    };
  },
};
