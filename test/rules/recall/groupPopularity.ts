import { changed } from '../../../src/core/policy/examples/example.ts';
import { grouped } from '../../../src/core/policy/rules/recall/groupPopularity.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    // Users have no groups.
    { text: changed('recall', [grouped, ''], [', attributes: [region, activity]', '']) },
    // One entry with groups, one for all users: intended.
    { text: changed('recall', ['        global_random: 0.2', '        overall: {source: popularity, share: 0.2}']) },
    {
      text: changed('recall', [
        '        popularity: {share: 0.4, exponent: 0.75, count: click, window: 7d, group_by: region}\n        global_random: 0.2',
        '        global_random: 0.6',
      ]),
    },
  ],
  invalid: [
    {
      text: changed('recall', [grouped, ''], ['        popularity: {share', '        hot: {source: popularity, share']),
      reportedAt: 'hot',
      after: 'mix:',
    },
  ],
};
