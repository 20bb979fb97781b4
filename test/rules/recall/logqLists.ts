import { changed } from '../../../src/core/policy/examples/example.ts';
import { recallCounting, recallMixing, smallBatches, withoutInBatch } from '../../../src/core/policy/examples/mixes.ts';
import { asTrue } from '../../../src/core/policy/rules/recall/logqLists.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall', ['logq: shares', 'logq: corpus']) },
    { text: changed('recall', asTrue, ['loss: sampled_softmax', 'loss: pointwise']) },
    { text: changed('recall', asTrue, ['loss: sampled_softmax, ', '']) },
    // Without a list, corpus is the usual correction.
    {
      text: recallMixing(['popularity: {share: 0.6, group_by: region}', 'global_random: 0.4'], asTrue),
    },
    // An entry without rows draws nothing.
    {
      text: recallMixing(
        ['exposed_unclicked: 0', 'popularity: {share: 0.6, group_by: region}', 'global_random: 0.4'],
        asTrue,
      ),
    },
  ],
  invalid: [
    {
      text: changed('recall', asTrue, ['loss: sampled_softmax', 'loss: softmax'], withoutInBatch),
      reportedAt: 'true',
      after: 'logq: ',
    },
    {
      text: recallMixing(
        ['rejected: 0.1', 'popularity: {share: 0.5, group_by: region}', 'global_random: 0.4'],
        asTrue,
        smallBatches,
      ),
      reportedAt: 'true',
      after: 'logq: ',
      companions: ['recall/exposed-missing'],
    },
    {
      text: recallCounting(['exposed_unclicked: 4', 'global_random: 6'], asTrue, smallBatches),
      reportedAt: 'true',
      after: 'logq: ',
    },
  ],
};
