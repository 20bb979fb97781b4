import { changed } from '../../../src/core/policy/examples/example.ts';
import { recallCounting, recallMixing, withoutInBatch } from '../../../src/core/policy/examples/mixes.ts';
import { city } from '../../../src/core/policy/rules/recall/coldPositives.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall') },
    // The positives of the batch have a correction.
    { text: recallMixing(['exposed_unclicked: 0.3', 'popularity: {share: 0.5, group_by: region}', city]) },
    {
      text: recallMixing(
        ['exposed_unclicked: 0.3', 'popularity: {share: 0.5, group_by: region}', 'global_random: 0.2'],
        withoutInBatch,
      ),
    },
    {
      text: recallMixing(
        ['exposed_unclicked: 0.3', 'popularity: {share: 0.5, group_by: region}', city],
        ['loss: sampled_softmax, logq: shares', 'loss: pointwise'],
        withoutInBatch,
      ),
    },
  ],
  invalid: [
    {
      text: recallCounting(['exposed_unclicked: 4', 'popularity: {count: 6, group_by: region}'], withoutInBatch),
      reportedAt: 'popularity',
      after: 'per_positive',
      companions: ['recall/cold-items'],
    },
    // Several entries without smoothing are one finding.
    {
      text: recallMixing(
        [
          'exposed_unclicked: 0.2',
          'hot: {source: popularity, share: 0.3, group_by: region}',
          'popularity: {share: 0.3, as_of: day, group_by: region}',
          city,
        ],
        withoutInBatch,
      ),
      reportedAt: 'hot',
      after: 'exposed_unclicked',
    },
  ],
};
