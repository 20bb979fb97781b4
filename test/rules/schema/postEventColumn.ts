import { changed } from '../../../src/core/policy/examples/example.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall', ['pass_through: [city, category]', 'pass_through: [city, position]']) },
    { text: changed('fine_ranking') },
  ],
  invalid: [
    {
      text: changed('recall', ['pass_through: [city, category]', 'pass_through: [is_click, city]']),
      reportedAt: 'is_click',
      after: 'pass_through: [',
    },
    {
      text: changed('fine_ranking', ['pass_through: [position, city]', 'pass_through: [position, play_time]']),
      reportedAt: 'play_time',
    },
  ],
};
