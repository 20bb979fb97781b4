import { coarseCounting, coarseMixing } from '../../../src/core/policy/examples/mixes.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: coarseCounting(['exposed_unclicked: 10'], ['approach: mixed', 'approach: distillation']) },
    {
      text: coarseCounting(
        ['exposed_unclicked: 10', 'ranked_unexposed: 10', 'coarse_filtered:'],
        ['approach: mixed', 'approach: cascade'],
      ),
    },
  ],
  invalid: [
    { text: coarseMixing(['shown: {source: exposed_unclicked, share: 1}']), reportedAt: 'shown' },
    {
      text: coarseCounting(['exposed_unclicked: 10', 'coarse_filtered: 0']),
      reportedAt: 'exposed_unclicked',
      companions: ['config/zero-quota'],
    },
  ],
};
