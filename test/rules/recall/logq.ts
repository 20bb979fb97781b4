import { changed } from '../../../src/core/policy/examples/example.ts';
import { recallMixing, smallBatches, withoutInBatch } from '../../../src/core/policy/examples/mixes.ts';
import { without } from '../../../src/core/policy/rules/recall/logq.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall', ['loss: sampled_softmax, logq: shares', 'loss: pointwise']) },
    { text: changed('recall', ['loss: sampled_softmax, logq: shares', 'loss: pairwise, logq: false']) },
    // The config has no training section.
    {
      text: changed('recall', [
        '    training: {loss: sampled_softmax, logq: shares, in_batch: {batch_size: 1024, weight: 0.3}}\n',
        '',
      ]),
    },
    { text: changed('recall', ['loss: sampled_softmax, logq: shares, ', '']) },
    // Uniform draws need no correction.
    { text: recallMixing(['exposed_unclicked: 0.4', 'global_random: 0.6'], without, withoutInBatch) },
    {
      text: recallMixing(
        ['exposed_unclicked: 0.4', 'global_random: 0.5', 'popularity: {share: 0.1, exponent: 0, group_by: region}'],
        without,
        withoutInBatch,
      ),
    },
    {
      text: recallMixing(
        ['exposed_unclicked: 0.4', 'global_random: 0.6', 'popularity: {share: 0, group_by: region}'],
        without,
        withoutInBatch,
      ),
    },
    {
      text: recallMixing(
        [
          'exposed_unclicked: 0.4',
          'same_city: {source: same_attribute, match: [city], share: 0.3}',
          'exposed_random: {share: 0.3, weight: uniform}',
        ],
        without,
        withoutInBatch,
      ),
    },
  ],
  invalid: [
    // Items with many exposures are drawn often.
    {
      text: recallMixing(
        [
          'exposed_unclicked: 0.4',
          'exposed_random: 0.3',
          'same_city: {source: same_attribute, match: [city], share: 0.3}',
        ],
        without,
        withoutInBatch,
      ),
      reportedAt: 'sampled_softmax',
      companions: ['recall/no-global'],
    },
    {
      text: changed('recall', ['logq: shares', 'logq: false'], smallBatches),
      reportedAt: 'false',
      after: 'logq: ',
    },
    { text: changed('recall', without, withoutInBatch), reportedAt: 'sampled_softmax' },
    {
      text: recallMixing(
        ['exposed_unclicked: 0.4', 'global_random: 0.6'],
        ['sampled_softmax, logq: shares', 'softmax'],
        smallBatches,
      ),
      reportedAt: 'softmax',
      after: 'loss: ',
    },
    {
      text: recallMixing(
        [
          'exposed_unclicked: 0.4',
          'global_random: 0.5',
          'same_city: {source: same_attribute, match: [city], weight: popularity, share: 0.1}',
        ],
        without,
        withoutInBatch,
      ),
      reportedAt: 'sampled_softmax',
    },
  ],
};
