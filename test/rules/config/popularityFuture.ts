import { changed } from '../../../src/core/policy/examples/example.ts';
import { recallMixing } from '../../../src/core/policy/examples/mixes.ts';
import { withoutWindow } from '../../../src/core/policy/rules/config/popularityFuture.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall', withoutWindow, ['window: 7d', 'window: 7d, as_of: day']) },
    { text: changed('recall', withoutWindow, ['window: 7d', 'window: 7d, as_of: 2026-11-01']) },
    { text: recallMixing(['exposed_unclicked: 0.4', 'global_random: 0.6'], withoutWindow) },
  ],
  invalid: [
    {
      text: recallMixing(['exposed_unclicked: 0.3', 'popularity: 0.4', 'global_random: 0.3'], withoutWindow),
      reportedAt: 'popularity',
      companions: ['recall/group-popularity'],
    },
  ],
};
