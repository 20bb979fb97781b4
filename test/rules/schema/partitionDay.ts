import { files, impressionColumns } from '../../../src/core/policy/examples/files.ts';
import { withPartition } from '../../../src/core/policy/rules/schema/partitionDay.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  invalid: [
    {
      text: withPartition('{column: ts, day_of: time}'),
      reportedAt: 'ts',
      after: 'partition: {column: ',
    },
    {
      text: withPartition('{column: dt, day_of: time}'),
      datasets: { impressions: files(impressionColumns) },
      reportedAt: 'dt',
      after: 'partition: {column: ',
    },
  ],
};
