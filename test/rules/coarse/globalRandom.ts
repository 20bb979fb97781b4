import { changed } from '../../../src/core/policy/examples/example.ts';
import { coarseCounting, coarseMixing } from '../../../src/core/policy/examples/mixes.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    {
      text: coarseCounting(['exposed_unclicked: 5', 'ranked_unexposed: 5', 'coarse_filtered: 20', 'global_random: 30']),
    },
    {
      text: coarseMixing([
        'exposed_unclicked: 0.1',
        'ranked_unexposed: 0.1',
        'coarse_filtered: 0.3',
        'global_random: 0.5',
      ]),
    },
    { text: changed('coarse_ranking') },
  ],
  invalid: [
    {
      text: coarseMixing([
        'exposed_unclicked: 0.05',
        'ranked_unexposed: 0.05',
        'coarse_filtered: 0.2',
        'any: {source: global_random, share: 0.4}',
        'hot: {source: popularity, share: 0.3}',
      ]),
      reportedAt: '0.4',
    },
  ],
};
