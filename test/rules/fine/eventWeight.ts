import { changed } from '../../../src/core/policy/examples/example.ts';
import { double } from '../../../src/core/policy/rules/fine/eventWeight.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('fine_ranking', double, ['      calibration: weight\n', ''], ['      downsample: 0.1\n', '']) },
    // The weights are a calibration, and so the rate is calibrated twice.
    { text: changed('fine_ranking', ['events: {click: 1}', 'events: {click: 0.1}']) },
  ],
  invalid: [
    {
      text: changed('fine_ranking', double, ['calibration: weight', 'calibration: formula']),
      reportedAt: '2',
      after: 'events: {click: ',
    },
  ],
};
