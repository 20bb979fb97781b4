import { recallCounting, recallMixing } from '../../../src/core/policy/examples/mixes.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    // Exactly the limit, also if decimals do not add up exactly.
    { text: recallMixing(['exposed_unclicked: 0.5', 'global_random: 0.5']) },
    {
      text: recallMixing([
        'a: {source: exposed_unclicked, share: 0.1}',
        'b: {source: exposed_unclicked, share: 0.2}',
        'global_random: 0.7',
      ]),
      options: { max: 0.3 },
    },
    { text: recallCounting(['exposed_unclicked: 5', 'global_random: 5']) },
    { text: recallMixing(['exposed_unclicked: 0.6', 'global_random: 0.4']), options: { max: 0.6 } },
  ],
  invalid: [
    {
      text: recallCounting(['exposed_unclicked: 6', 'global_random: 4']),
      reportedAt: '6',
      after: 'exposed_unclicked: ',
    },
    // Two entries of the source count together; the larger one is underlined.
    {
      text: recallMixing([
        'a: {source: exposed_unclicked, share: 0.2, scope: request}',
        'b: {source: exposed_unclicked, share: 0.4, scope: user}',
        'global_random: 0.4',
      ]),
      reportedAt: '0.4',
      after: 'b: ',
    },
    // With in-batch negatives it is not the only source, but it fills the whole file.
    {
      text: recallMixing(['exposed_unclicked: 1']),
      reportedAt: '1',
      after: 'exposed_unclicked: ',
      companions: ['recall/cold-items'],
    },
  ],
};
