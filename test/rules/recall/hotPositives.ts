import { changed } from '../../../src/core/policy/examples/example.ts';
import { recallMixing } from '../../../src/core/policy/examples/mixes.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall', ['threshold: 1.0e-3', 'threshold: 1']) },
    {
      text: recallMixing(
        ['exposed_unclicked: 0.3', 'popularity: {share: 0.4, group_by: region}', 'global_random: 0.3'],
        ['      downsample_hot: {threshold: 1.0e-3}\n      max_per_user_per_day: 50\n', ''],
        ['unit: positive', 'unit: request'],
        ['per_positive: 10', 'per_request: 10'],
      ),
    },
    // Half typed.
    { text: changed('recall', ['downsample_hot: {threshold: 1.0e-3}', 'downsample_hot:']) },
  ],
};
