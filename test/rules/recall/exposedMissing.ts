import { recallCounting, recallMixing } from '../../../src/core/policy/examples/mixes.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: recallMixing(['shown: {source: exposed_unclicked, share: 0.1}', 'global_random: 0.9']) },
    { text: recallMixing(['exposed_unclicked:', 'global_random: 0.9']) },
  ],
  invalid: [
    {
      text: recallMixing(['exposed_unclicked: 0', 'global_random: 1']),
      reportedAt: 'mix',
      companions: ['config/zero-quota'],
    },
    // Exposures of other users are not exposed-unclicked items of this user.
    {
      text: recallCounting(['exposed_random: 4', 'popularity: {count: 6, smoothing: 1, group_by: region}']),
      reportedAt: 'per_positive',
    },
  ],
};
