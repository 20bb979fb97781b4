import { changed } from '../../../src/core/policy/examples/example.ts';
import { recallCounting, withoutInBatch } from '../../../src/core/policy/examples/mixes.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall', ['per_positive: 10', 'per_positive: 3'], withoutInBatch) },
    { text: changed('recall', ['per_positive: 10', 'per_positive: 1']) },
    {
      text: changed(
        'recall',
        ['per_positive: 10', 'per_positive: 1'],
        ['loss: sampled_softmax, logq: shares, in_batch: {batch_size: 1024, weight: 0.3}', 'loss: pairwise'],
      ),
    },
    {
      text: recallCounting(
        ['exposed_unclicked: 1', 'global_random: 1', 'popularity: {count: 1, group_by: region}'],
        withoutInBatch,
      ),
    },
  ],
  invalid: [
    {
      text: recallCounting(['exposed_unclicked: 1', 'global_random: 1'], withoutInBatch),
      reportedAt: '{exposed_unclicked: 1, global_random: 1}',
    },
  ],
};
