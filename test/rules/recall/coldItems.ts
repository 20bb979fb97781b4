import { changed } from '../../../src/core/policy/examples/example.ts';
import { recallCounting, recallMixing } from '../../../src/core/policy/examples/mixes.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall') },
    {
      text: recallMixing(['exposed_unclicked: 0.4', 'same_city: {source: same_attribute, match: [city], share: 0.6}']),
    },
    {
      text: recallMixing(['exposed_unclicked: 0.4', 'popularity: {share: 0.5, group_by: region}', 'hard_rank: 0.1']),
    },
  ],
  invalid: [
    {
      text: recallCounting(['exposed_unclicked: 4', 'popularity: {count: 6, group_by: region}']),
      reportedAt: 'per_positive',
    },
    {
      text: recallMixing(['exposed_unclicked: 0.4', 'popularity: {share: 0.6, smoothing: 0, group_by: region}']),
      reportedAt: 'mix',
    },
    { text: recallMixing(['exposed_unclicked: 0.4', 'exposed_random: 0.6']), reportedAt: 'mix' },
  ],
};
