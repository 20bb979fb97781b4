import { coarseCounting, coarseMixing } from '../../../src/core/policy/examples/mixes.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: coarseCounting(['exposed_unclicked: 1', 'ranked_unexposed: 1', 'coarse_filtered: 4']) },
    { text: coarseMixing(['exposed_unclicked: 0.2', 'ranked_unexposed: 0.3', 'coarse_filtered: 0.5']) },
    // The comparison ignores other sources.
    {
      text: coarseCounting([
        'exposed_unclicked: 10',
        'ranked_unexposed: 10',
        'coarse_filtered: 40',
        'global_random: 20',
      ]),
    },
    {
      text: coarseCounting(
        ['exposed_unclicked: 40', 'coarse_filtered: 10'],
        ['approach: mixed', 'approach: distillation'],
      ),
    },
    {
      text: coarseCounting(['exposed_unclicked: 40', 'ranked_unexposed: 10', 'coarse_filtered: 10']),
      options: { ratio: [4, 1, 1] },
    },
  ],
  invalid: [
    {
      text: coarseMixing([
        'exposed_unclicked: 0.5',
        'dropped: {source: coarse_filtered, share: 0.1}',
        'ranked: {source: ranked_unexposed, share: 0.4}',
      ]),
      reportedAt: 'mix',
      after: 'per_request: 60',
    },
    {
      text: coarseCounting(['exposed_unclicked: 10', 'ranked_unexposed: 10', 'coarse_filtered: 10']),
      reportedAt: 'per_request',
    },
  ],
};
