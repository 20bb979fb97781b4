import { changed } from '../../../src/core/policy/examples/example.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [],
  invalid: [
    {
      text: changed('recall', [', logq: shares', ''], ['batch_size: 1024', 'batch_size: 64']),
      reportedAt: 'weight',
      companions: ['recall/logq'],
    },
    { text: changed('recall', ['loss: sampled_softmax, logq: shares', 'loss: pairwise']), reportedAt: 'weight' },
  ],
};
