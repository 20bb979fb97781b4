import { recallMixing } from '../../../src/core/policy/examples/mixes.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: recallMixing(['exposed_unclicked: {share: 0.4, before: true}', 'global_random: 0.6']) },
    { text: recallMixing(['exposed_unclicked: {share: 0.4, scope: request, before: false}', 'global_random: 0.6']) },
  ],
  invalid: [
    {
      text: recallMixing(['exposed_unclicked: {share: 0.4, scope: user, before: false}', 'global_random: 0.6']),
      reportedAt: 'false',
    },
  ],
};
