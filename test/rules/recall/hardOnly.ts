import { recallCounting, recallMixing, withoutInBatch } from '../../../src/core/policy/examples/mixes.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: recallMixing(['hard_rank: 1']) },
    { text: recallMixing(['hard_rank: 0.5', 'global_random: 0.5'], withoutInBatch) },
    { text: recallMixing(['hard_rank: 0.5', 'global_random: '], withoutInBatch) },
  ],
  invalid: [
    {
      text: recallCounting(['near: {source: hard_rank, count: 10}'], withoutInBatch),
      reportedAt: 'near',
      companions: ['recall/exposed-missing'],
    },
  ],
};
