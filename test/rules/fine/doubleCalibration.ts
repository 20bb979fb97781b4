import { changed } from '../../../src/core/policy/examples/example.ts';
import { events, formula } from '../../../src/core/policy/rules/fine/doubleCalibration.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('fine_ranking') },
    // Only manual weights.
    { text: changed('fine_ranking', ['events: {click: 1}', 'events: {click: 2}'], formula) },
    { text: changed('fine_ranking', ['downsample: 0.1', 'downsample: 1'], formula) },
  ],
  invalid: [
    {
      text: changed('fine_ranking', ['calibration: weight', 'calibration: [weight, formula]']),
      reportedAt: '[weight, formula]',
      companions: ['config/type'],
    },
    { text: changed('fine_ranking', events), reportedAt: 'weight', after: 'calibration: ' },
  ],
};
