import { recallCounting, recallMixing, withoutInBatch } from '../../../src/core/policy/examples/mixes.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    {
      text: recallMixing(
        ['exposed_unclicked: 0.5', 'popularity: {share: 0.5, smoothing: 1, group_by: region}'],
        withoutInBatch,
      ),
    },
    {
      text: recallMixing(['exposed_unclicked: 0.5', 'anything: {source: global_random, share: 0.5}'], withoutInBatch),
    },
    {
      text: recallMixing(['exposed_unclicked: 0.4', 'same_city: {source: same_attribute, match: [city], share: 0.6}']),
    },
    { text: recallMixing(['exposed_unclicked: 0.5', 'global_randm: 0.5'], withoutInBatch) },
  ],
  invalid: [
    {
      text: recallCounting(
        ['exposed_unclicked: 4', 'same_city: {source: same_attribute, match: [city], count: 6}'],
        withoutInBatch,
      ),
      reportedAt: 'per_positive',
    },
    // Exposed items are not the whole corpus.
    {
      text: recallMixing(['exposed_unclicked: 0.4', 'exposed_random: 0.6'], withoutInBatch),
      reportedAt: 'mix',
      companions: ['recall/cold-items'],
    },
  ],
};
