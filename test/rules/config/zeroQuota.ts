import { changed } from '../../../src/core/policy/examples/example.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    {
      text: changed(
        'recall',
        ['global_random: 0.2', 'global_random: 0.1995'],
        [
          '        same_city:',
          '        city_random: {source: global_random, share: 0.0005, where: {city: Paris}}\n        same_city:',
        ],
      ),
      options: { min: 200 },
    },
  ],
  invalid: [
    {
      text: changed('recall', [
        '        same_city:',
        '        city_random: {source: global_random, share: 0, where: {city: Paris}}\n        same_city:',
      ]),
      reportedAt: 'city_random',
    },
    {
      text: changed(
        'coarse_ranking',
        ['coarse_filtered: {count: 40, by: channel}', 'coarse_filtered: {count: 40, by: channel}, rejected: 0'],
        [
          '  samples:\n',
          '  rejections: {path: ../data/rejections.parquet, columns: {user: user_id, item: item_id}, kind: by_user}\n  samples:\n',
        ],
      ),
      reportedAt: 'rejected',
    },
  ],
};
