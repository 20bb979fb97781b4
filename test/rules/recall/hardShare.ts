import { changed } from '../../../src/core/policy/examples/example.ts';
import { recallCounting, recallMixing, withoutInBatch } from '../../../src/core/policy/examples/mixes.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: recallMixing(['exposed_unclicked: 0.3', 'global_random: 0.5', 'hard_rank: 0.2'], withoutInBatch) },
    { text: recallCounting(['exposed_unclicked: 3', 'global_random: 5', 'hard_rank: 2'], withoutInBatch) },
    { text: changed('recall') },
  ],
  invalid: [
    {
      text: recallCounting(
        ['exposed_unclicked: 3', 'global_random: 4', 'near: {source: hard_rank, count: 3}'],
        withoutInBatch,
      ),
      reportedAt: '3',
      after: 'hard_rank, count: ',
    },
    // A third of the file, but 3 in 1,033 of all negatives of a positive: info, not a warning.
    {
      text: recallMixing(['exposed_unclicked: 0.3', 'global_random: 0.4', 'hard_rank: 0.3']),
      reportedAt: '0.3',
      after: 'hard_rank: ',
    },
  ],
};
