import { changed } from '../../../src/core/policy/examples/example.ts';
import { withSequence } from '../../../src/core/policy/rules/config/sequence.ts';
import type { RuleCases } from '../ruleCases.ts';

const withSteps = (delay: string): string =>
  changed('recall', withSequence(`events: [click], length: 50, ${delay}, columns: [item, play_time]`));

export const cases: RuleCases = {
  valid: [
    { text: changed('recall', ['pass_through: [city, category]', 'pass_through: [city, position]']) },
    { text: changed('fine_ranking') },
    { text: withSteps('available_after: 1h') },
    { text: withSteps('as_of: day') },
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
    { text: withSteps('available_after: 0s'), reportedAt: 'play_time', after: 'columns: [item, ' },
  ],
};
