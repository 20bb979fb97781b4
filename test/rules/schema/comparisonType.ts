import { changed } from '../../../src/core/policy/examples/example.ts';
import { files, impressionColumns } from '../../../src/core/policy/examples/files.ts';
import { withSequence } from '../../../src/core/policy/rules/config/sequence.ts';
import type { RuleCases } from '../ruleCases.ts';

const texts = { impressions: files(impressionColumns.replace('play_time:double', 'play_time:string')) };

const empty = { impressions: files(impressionColumns.replace('play_time:double', 'play_time:empty')) };

export const cases: RuleCases = {
  valid: [
    { text: changed('recall', ['value: 7}', 'value: "7"}']), datasets: texts },
    { text: changed('recall', ['op: ">=", value: 7}', 'op: "=", value: 7}']), datasets: texts },
    { text: changed('recall'), datasets: empty },
    // The impressions have the event. A table that has not may have a column of another type.
    {
      text: changed(
        'recall',
        [
          '  users:\n',
          '  clicks:\n    path: ../data/app.parquet\n    columns: {user: user_id, item: item_id, time: ts}\n  users:\n',
        ],
        withSequence('events: [click], length: 10, available_after: 1m, where: {position: 1}'),
      ),
      datasets: { clicks: files('user_id:int64 item_id:int64 ts:timestamp position:timestamp') },
    },
    {
      text: changed(
        'recall',
        [
          '  users:\n',
          '  clicks:\n    path: ../data/app.parquet\n    columns: {user: user_id, item: item_id, time: ts}\n  users:\n',
        ],
        [
          'long_play: {column: play_time, op: ">=", value: 7}',
          'bought: {all: [paid, {column: play_time, op: ">=", value: 7}]}',
        ],
        ['long_play: 2', 'bought: 2'],
      ),
      datasets: { ...texts, clicks: files('user_id:int64 item_id:int64 ts:timestamp paid:boolean play_time:double') },
    },
  ],
  invalid: [
    {
      text: changed('recall', withSequence('events: [click], length: 10, available_after: 1m, where: {position: top}')),
      reportedAt: 'top',
    },
    { text: changed('recall'), datasets: texts, reportedAt: '7', after: 'op: ">=", value: ' },
    {
      text: changed('recall', ['where: {status: online}', 'where: {status: {op: ">", value: 3}}']),
      reportedAt: '3',
      after: 'op: ">", value: ',
    },
    {
      text: changed('recall', [
        'global_random: 0.2',
        'global_random: {share: 0.2, where: {created_at: [2026-11-01, soon]}}',
      ]),
      reportedAt: '[2026-11-01, soon]',
    },
  ],
};
