import { recallCounting, recallMixing, withoutInBatch } from '../../../src/core/policy/examples/mixes.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    // One of two sources is enough for this rule.
    { text: recallMixing(['exposed_unclicked: 0.5', 'global_random: 0.5'], withoutInBatch) },
    // Half typed: the other entry has no share yet.
    { text: recallMixing(['exposed_unclicked: 0.5', 'global_random:'], withoutInBatch) },
    { text: recallMixing(['exposed_unclicked: 0.5'], withoutInBatch) },
    // In-batch negatives are another source.
    { text: recallMixing(['exposed_unclicked: 1']) },
    // A refusal is not an exposure.
    {
      text: recallMixing(['exposed_unclicked: 0.5', 'host_refused: {source: rejected, share: 0.5}'], withoutInBatch),
    },
  ],
  invalid: [
    // A renamed entry has the same source. An entry that draws nothing does not count.
    {
      text: recallMixing(['shown: {source: exposed_unclicked, share: 1}', 'global_random: 0'], withoutInBatch),
      reportedAt: 'shown',
      after: 'mix:',
      companions: ['recall/cold-items', 'config/zero-quota'],
    },
    {
      text: recallCounting(['exposed_unclicked: 10'], withoutInBatch),
      reportedAt: 'exposed_unclicked',
      companions: ['recall/cold-items'],
    },
  ],
};
