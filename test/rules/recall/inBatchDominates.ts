import { changed } from '../../../src/core/policy/examples/example.ts';
import { recallCounting, withoutWeight } from '../../../src/core/policy/examples/mixes.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall', withoutWeight, ['batch_size: 1024', 'batch_size: 64']) },
    { text: changed('recall', withoutWeight, ['logq: shares', 'logq: corpus']) },
    { text: changed('recall', ['weight: 0.3', 'weight: 0.99']) },
    { text: changed('recall', withoutWeight, ['loss: sampled_softmax, logq: shares', 'loss: pairwise']) },
  ],
  invalid: [
    {
      text: recallCounting(['exposed_unclicked: 4', 'global_random: 6'], withoutWeight),
      reportedAt: 'in_batch',
    },
    {
      text: changed('recall', withoutWeight, [', logq: shares', '']),
      reportedAt: 'in_batch',
      companions: ['recall/logq'],
    },
  ],
};
