import { changed } from '../../../src/core/policy/examples/example.ts';
import { withSequence } from '../../../src/core/policy/rules/config/sequence.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [{ text: changed('recall', withSequence('events: [click], length: 50, available_after: 0s')) }],
  invalid: [
    {
      text: changed('recall', withSequence('events: [click], length: 50, as_of: day')),
      reportedAt: 'clicks',
      after: 'sequences: {',
    },
  ],
};
