import { changed } from '../../../src/core/policy/examples/example.ts';
import { coarseCounting } from '../../../src/core/policy/examples/mixes.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    {
      text: changed(
        'recall',
        [
          '{share: 0.4, exponent: 0.75, count: click, window: 7d, group_by: region}\n',
          '{share: 0.3, exponent: 0.75, count: click, window: 7d, group_by: region}\n        exposed_random: 0.1\n',
        ],
        ['global_random: 0.2', 'global_random: {share: 0.2, where: {category: Villa}}'],
      ),
    },
    {
      text: changed('recall', [
        'same_city: {source: same_attribute, match: [city], share: 0.05}',
        'near: {source: hard_rank, channel: i2i, share: 0.025}\n        far: {source: hard_rank, channel: u2i, share: 0.025}',
      ]),
    },
    // The hard negatives leave out what was shown.
    {
      text: coarseCounting([
        'exposed_unclicked: 10',
        'hard_score: {count: 10, exclude: {events: [click, impressions]}}',
      ]),
    },
  ],
  invalid: [
    {
      text: changed('recall', [
        'same_city: {source: same_attribute, match: [city], share: 0.05}',
        'near: {source: hard_rank, ranks: [101, 300], share: 0.025}\n        far: {source: hard_rank, ranks: [300, 500], share: 0.025}',
      ]),
      reportedAt: 'far',
    },
    { text: coarseCounting(['hard_rank: 1', 'hard_score: 1', 'global_random: 1']), reportedAt: 'hard_score' },
    // What coarse ranking dropped may have a high score, and so may what was shown.
    {
      text: coarseCounting(['coarse_filtered: 40', 'hard_score: 10']),
      reportedAt: 'hard_score',
      companions: ['coarse/cascade-mix'],
    },
    {
      text: coarseCounting(['ranked_unexposed: 10', 'hard_rank: 10']),
      reportedAt: 'hard_rank',
      companions: ['coarse/cascade-mix'],
    },
    { text: coarseCounting(['exposed_unclicked: 10', 'hard_score: 10']), reportedAt: 'hard_score' },
    {
      text: coarseCounting(['coarse_filtered: 20', 'others: {source: coarse_filtered, count: 20, by: channel}']),
      reportedAt: 'others',
      companions: ['coarse/cascade-mix'],
    },
  ],
};
