import { changed } from '../../../src/core/policy/examples/example.ts';
import { withoutInBatch, withoutWeight } from '../../../src/core/policy/examples/mixes.ts';
import { recallExample } from '../../../src/core/policy/examples/recall.ts';
import type { RuleCases } from '../ruleCases.ts';

/** Replaces the negatives of the example by none. */
const wholeMix = [mixOf(recallExample), '      per_positive: 0\n'] as const;

function mixOf(text: string): string {
  return text.slice(text.indexOf('      per_positive: 10\n'), text.indexOf('    training: '));
}

export const cases: RuleCases = {
  valid: [
    { text: changed('recall', ['      per_positive: 10\n', '      per_positive: 20\n']) },
    { text: changed('fine_ranking') },
    // Half typed: the number is missing, and config/type reports this.
    { text: changed('recall', ['per_positive: 10', 'per_positive:']) },
    // Only positives: the trainer takes the negatives from the batch.
    { text: changed('recall', wholeMix, withoutWeight) },
  ],
  invalid: [
    { text: changed('recall', ['      per_positive: 10\n', '']), reportedAt: 'negatives' },
    {
      text: changed('recall', ['      per_positive: 10\n', '      per_positive: 10\n      per_request: 10\n']),
      reportedAt: 'per_request',
    },
    {
      text: changed('recall', ['per_positive: 10', 'per_positive: 0'], withoutWeight),
      reportedAt: '0',
      after: 'per_positive: ',
      companions: ['config/zero-quota'],
    },
    {
      text: changed('recall', wholeMix, withoutInBatch),
      reportedAt: '0',
      after: 'per_positive: ',
      companions: ['recall/few-negatives'],
    },
    { text: changed('coarse_ranking', ['per_request:', 'per_positive:']), reportedAt: 'per_positive' },
    {
      text: changed('coarse_ranking', [
        'per_request: {exposed_unclicked: 10, ranked_unexposed: 10, coarse_filtered: {count: 40, by: channel}}',
        'per_request: 60',
      ]),
      reportedAt: '60',
    },
    {
      text: changed('coarse_ranking', [
        'by: channel}}\n',
        'by: channel}}\n      mix: {exposed_unclicked: 0.5, coarse_filtered: 0.5}\n',
      ]),
      reportedAt: 'mix',
      after: 'negatives:',
      companions: ['coarse/cascade-mix'],
    },
    {
      text: changed('coarse_ranking', [
        'coarse_filtered: {count: 40, by: channel}}',
        'coarse_filtered: {count: 40, by: channel}, same_attribute: {count: 5, match: [city]}}',
      ]),
      reportedAt: 'same_attribute',
    },
    {
      text: changed('fine_ranking', ['    negatives:\n', '    negatives:\n      exclude: {events: [click]}\n']),
      reportedAt: 'exclude',
    },
    {
      text: changed('fine_ranking', [
        'seen: viewed, mature_after: 30m',
        'seen: viewed, mature_after: 30m, exclude: {lookback: 7d}',
      ]),
      reportedAt: 'exclude',
    },
  ],
};
