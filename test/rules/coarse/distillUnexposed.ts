import { changed } from '../../../src/core/policy/examples/example.ts';
import { coarseCounting } from '../../../src/core/policy/examples/mixes.ts';
import { onAll } from '../../../src/core/policy/rules/coarse/distillUnexposed.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: coarseCounting(['exposed_unclicked: 10'], ['approach: mixed', 'approach: distillation'], onAll) },
    {
      text: changed(
        'coarse_ranking',
        [', on: exposed}', '}'],
        ['approach: mixed', 'approach: distillation'],
        [
          'exposed_unclicked: 10, ranked_unexposed: 10, coarse_filtered: {count: 40, by: channel}',
          'exposed_unclicked: 10',
        ],
      ),
    },
  ],
  invalid: [
    {
      text: coarseCounting(
        ['exposed_unclicked: 10', 'dropped: {source: coarse_filtered, count: 20}', 'ranked_unexposed: 5'],
        onAll,
      ),
      reportedAt: 'all',
      after: 'probability, on: ',
    },
  ],
};
