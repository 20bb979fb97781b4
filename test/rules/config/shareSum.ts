import { changed } from '../../../src/core/policy/examples/example.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall', ['global_random: 0.2', 'global_random: 0.2000000001']) },
    {
      text: changed(
        'recall',
        ['{share: 0.3, seen: viewed', '{share: 0.1, seen: viewed'],
        ['{share: 0.4, exponent', '{share: 0.7, exponent'],
        ['global_random: 0.2', 'global_random: 0.1'],
      ),
    },
    // The sum is unknown if a share is invalid.
    { text: changed('recall', ['global_random: 0.2', 'global_random: some']) },
    { text: changed('recall', ['global_random: 0.2', 'global_random:']) },
  ],
  invalid: [
    {
      text: changed(
        'recall',
        ['share: 0.3, seen', 'share: 30, seen'],
        ['share: 0.4, exp', 'share: 40, exp'],
        ['global_random: 0.2', 'global_random: 20'],
        ['match: [city], share: 0.05', 'match: [city], share: 5'],
        ['rejected, share: 0.05', 'rejected, share: 5'],
      ),
      reportedAt: 'mix',
    },
    { text: changed('fine_ranking', ['share: 1,', 'share: 0.9,']), reportedAt: 'mix' },
  ],
};
