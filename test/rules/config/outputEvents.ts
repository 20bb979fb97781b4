import { changed } from '../../../src/core/policy/examples/example.ts';
import { written } from '../../../src/core/policy/rules/config/outputEvents.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [{ text: changed('recall', written('[click, {event: long_play, mature_after: 7d}], graded: true')) }],
  invalid: [
    {
      text: changed('recall', written('[click, {event: click, mature_after: 7d}]')),
      reportedAt: 'click',
      after: '{event: ',
    },
  ],
};
