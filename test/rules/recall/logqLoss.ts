import { changed } from '../../../src/core/policy/examples/example.ts';
import { withoutInBatch } from '../../../src/core/policy/examples/mixes.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    {
      text: changed('recall', ['loss: sampled_softmax, logq: shares', 'loss: pointwise, logq: false'], withoutInBatch),
    },
  ],
  invalid: [
    { text: changed('recall', ['loss: sampled_softmax', 'loss: pairwise'], withoutInBatch), reportedAt: 'logq' },
  ],
};
