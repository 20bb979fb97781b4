import { groupSizes } from '../../../core/audit/metrics/groupSizes.ts';
import { message } from '../../../core/message/message.ts';
import { numberIn } from '../../database/numberIn.ts';
import { groupCounts } from '../groupCounts.ts';
import type { Phase } from '../phase.ts';

const label = message('Counting negatives of positives');

/** How many positives have how many negatives. */
export const groupSizesPhase: Phase = {
  label,
  metrics: ['group_sizes'],
  needs: ['label'],
  missingReason: ({ sample }) =>
    sample.groupKey() === null ? message('the columns do not identify groups: there is no request and no time') : null,
  async run(world, work) {
    const groups = await groupCounts(world, work);
    const found = await world.rows(
      `SELECT n // p AS size, sum(p) FROM ${groups?.sql ?? ''} WHERE p > 0 GROUP BY size ORDER BY size`,
      label,
      work,
    );
    return {
      group_sizes: groupSizes.measure(
        found.map((row) => ({ negatives: numberIn(row, 0), positives: numberIn(row, 1) })),
      ),
    };
  },
};
