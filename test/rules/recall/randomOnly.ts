import { recallCounting, recallMixing, withoutInBatch } from '../../../src/core/policy/examples/mixes.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: recallMixing(['global_random: 1']) },
    { text: recallMixing(['global_random: 0.9', 'popularity: {share: 0.1, group_by: region}'], withoutInBatch) },
    { text: recallMixing(['global_random: 0.9', 'popularity: '], withoutInBatch) },
  ],
  invalid: [
    {
      text: recallCounting(['anything: {source: global_random, count: 10}'], withoutInBatch),
      reportedAt: 'anything',
      companions: ['recall/exposed-missing'],
    },
  ],
};
