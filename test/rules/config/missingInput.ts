import { changed } from '../../../src/core/policy/examples/example.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    // Half typed: the data set exists, but is not valid yet.
    {
      text: changed('recall', [
        '    columns: {user: user_id, item: item_id, time: ts}\n    kind: by_owner\n',
        '    columns:\n',
      ]),
    },
    {
      text: changed('recall', [
        'popularity: {share: 0.4, exponent: 0.75, count: click',
        'popularity: {share: 0.4, exponent: 0.75, count: impressions',
      ]),
    },
    {
      text: changed('recall', [
        '      on_shortfall: refill\n      refill_from: global_random\n',
        '      on_shortfall: keep\n',
      ]),
    },
  ],
  invalid: [
    {
      text: changed('recall', [
        '  rejections:\n    path: ../data/rejections.parquet\n    columns: {user: user_id, item: item_id, time: ts}\n    kind: by_owner\n',
        '',
      ]),
      reportedAt: 'host_refused',
    },
    { text: changed('recall', [', viewed: is_viewed', '']), reportedAt: 'viewed', after: 'seen: ' },
    {
      text: changed('recall', ['seen: viewed', 'seen: above_last_click+2'], [', position: position', '']),
      reportedAt: 'above_last_click+2',
    },
    {
      text: changed(
        'recall',
        ['host_refused: {source: rejected,', 'host_refused: {source: rejected, before: true,'],
        [
          'columns: {user: user_id, item: item_id, time: ts}\n    kind: by_owner',
          'columns: {user: user_id, item: item_id}\n    kind: by_owner',
        ],
      ),
      reportedAt: 'true',
      after: 'before: ',
    },
    { text: changed('recall', ['group_by: region', 'group_by: regions']), reportedAt: 'regions' },
    {
      text: changed('recall', [
        '  users:\n    path: ../data/users.parquet\n    columns: {user: user_id, attributes: [region, activity]}\n',
        '',
      ]),
      reportedAt: 'region',
      after: 'group_by: ',
    },
    { text: changed('recall', ['count: click', 'count: clicks']), reportedAt: 'clicks' },
    { text: changed('recall', ['exclude: {events: [click]', 'exclude: {events: [clik]']), reportedAt: 'clik' },
    {
      text: changed('recall', ['events: {click: 1, long_play: 2}', 'events: {click: 1, longplay: 2}']),
      reportedAt: 'longplay',
    },
    {
      text: changed('recall', ['      refill_from: global_random\n', '      refill_from: global\n']),
      reportedAt: 'global',
      after: 'refill_from: ',
    },
    {
      text: changed(
        'recall',
        ['        same_city:', '        hard_rank: 0\n        same_city:'],
        [', rank: recall_rank', ''],
      ),
      reportedAt: 'hard_rank',
      companions: ['config/zero-quota'],
    },
    {
      text: changed('recall', [
        'same_city: {source: same_attribute, match: [city], share: 0.05}',
        'same_city: {source: hard_score, by: teacher, share: 0.05}',
      ]),
      reportedAt: 'teacher',
      companions: ['config/overlap'],
    },
    {
      text: changed('recall', [
        'same_city: {source: same_attribute, match: [city], share: 0.05}',
        'same_city: {source: hard_score, share: 0.05}',
      ]),
      reportedAt: 'same_city',
      companions: ['config/overlap'],
    },
    {
      text: changed(
        'recall',
        [
          'same_city: {source: same_attribute, match: [city], share: 0.05}',
          'same_city: {source: hard_rank, channel: i2i, share: 0.05}',
        ],
        [', channel: channel', ''],
      ),
      reportedAt: 'i2i',
    },
    { text: changed('coarse_ranking', [', channel: channel', '']), reportedAt: 'channel', after: 'by: ' },
    { text: changed('coarse_ranking', [', reached: reached', '']), reportedAt: 'ranked_unexposed' },
    {
      text: changed('coarse_ranking', ['teacher: {column: teacher', 'teacher: {column: fine_score']),
      reportedAt: 'fine_score',
      after: 'teacher: {column: ',
    },
    {
      text: changed('coarse_ranking', ['teacher: {column: teacher', 'teacher: {column: reached']),
      reportedAt: 'reached',
      after: 'teacher: {column: ',
    },
    {
      text: changed('recall', ['    training: {', '    teacher: {column: teacher, kind: logit}\n    training: {']),
      reportedAt: '{column: teacher, kind: logit}',
    },
  ],
};
