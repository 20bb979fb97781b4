import { changed } from '../../../src/core/policy/examples/example.ts';
import { without } from '../../../src/core/policy/rules/fine/downsampleCalibration.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('fine_ranking', ['calibration: weight', 'calibration: formula']) },
    { text: changed('fine_ranking', ['      downsample: 0.1\n', ''], without) },
    { text: changed('fine_ranking', ['downsample: 0.1', 'downsample: 1'], without) },
    // Positives whose weight equals downsample have the same effect as a calibration.
    { text: changed('fine_ranking', ['events: {click: 1}', 'events: {click: 0.1}'], without) },
    // Half typed.
    { text: changed('fine_ranking', ['calibration: weight', 'calibration: form']) },
  ],
  invalid: [{ text: changed('fine_ranking', ['downsample: 0.1', 'downsample: 0.999'], without), reportedAt: '0.999' }],
};
