import { changed } from '../../../src/core/policy/examples/example.ts';
import { files, impressionColumns } from '../../../src/core/policy/examples/files.ts';
import { withSequence } from '../../../src/core/policy/rules/config/sequence.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall', ['pass_through: [city, category]', 'pass_through: [city, position, activity]']) },
    {
      text: changed('recall', ['position: position, viewed', 'position: postion, viewed']),
      datasets: { impressions: { state: 'closed', reason: 'untrusted' } },
    },
    // Whether the table of an undeclared event has the column is not known.
    {
      text: changed(
        'recall',
        withSequence('events: [impressions, clik], length: 10, available_after: 1m, where: {town: 1}'),
      ),
    },
    // Lists of negatives have names of their own, and the label is not a column.
    {
      text: changed('recall', [
        '      columns: {user: user_id, item: item_id, label',
        '      layout: wide\n      columns: {user: user_id, item: item_id, label',
      ]),
      datasets: {
        'samples.recall': files(
          'user_id:int64 item_id:int64 negative_item_id:ids negative_source:ids positive_item:int64 ts:timestamp negative_draw:ids negative_log_q:ids',
        ),
      },
    },
  ],
  invalid: [
    { text: changed('recall', ['click: is_click', 'click: clicked']), reportedAt: 'clicked', after: 'click: ' },
    { text: changed('recall', ['column: play_time', 'column: playtime']), reportedAt: 'playtime' },
    {
      text: changed('recall', ['where: {status: online}', 'where: {state: online}']),
      reportedAt: 'state',
      after: 'where: {',
    },
    {
      text: changed('recall', [
        'exclude: {events: [click]',
        'exclude: {history: {column: histroy, separator: " "}, events: [click]',
      ]),
      datasets: { impressions: files(`${impressionColumns} history:string`) },
      reportedAt: 'histroy',
    },
    { text: changed('recall', ['draw: draw', 'draw: draws']), reportedAt: 'draws' },
    {
      text: changed(
        'recall',
        ['attributes: [city, category]', 'attributes: [city, kategory]'],
        ['pass_through: [city, category]', 'pass_through: [city]'],
      ),
      reportedAt: 'kategory',
    },
    {
      text: changed('recall', ['pass_through: [city, category]', 'pass_through: [city, categry]']),
      reportedAt: 'categry',
    },
    {
      text: changed('recall', ['pass_through: [city, category]', 'pass_through: [{column: citi, from: items}]']),
      reportedAt: 'citi',
    },
    {
      text: changed('recall', [
        'host_refused: {',
        'cheap: {source: global_random, share: 0, where: {cost: {op: "<", value: 100}}}\n        host_refused: {',
      ]),
      reportedAt: 'cost',
      companions: ['config/zero-quota'],
    },
    {
      text: changed('recall'),
      datasets: { rejections: files('user_id:int64 item_id:wide ts:timestamp') },
      reportedAt: 'item_id',
      after: '../data/rejections.parquet\n    columns: {user: user_id, item: ',
      companions: ['schema/id-type'],
    },
    {
      text: changed('recall'),
      datasets: { rejections: files('user_id:int64 item_id:int64 when:timestamp') },
      reportedAt: 'ts',
      after: '../data/rejections.parquet\n    columns: {user: user_id, item: item_id, time: ',
    },
    // Another column of the file looks like the role.
    {
      text: changed('recall', [
        'columns: {user: user_id, item: item_id, time: ts, request',
        'columns: {user: buyer, item: item_id, time: ts, request',
      ]),
      reportedAt: 'buyer',
    },
    // A column of the impressions is not one of the searches.
    {
      text: changed(
        'recall',
        [
          '  users:\n',
          '  clicks: {search: {path: ../data/searches.parquet, columns: {user: user_id, value: query, time: ts}, events: [search]}}\n  users:\n',
        ],
        ['  click: is_click\n', '  click: is_click\n  search: {column: query, op: "!=", value: ""}\n'],
        withSequence('events: [search], length: 10, available_after: 1m, where: {position: 1}'),
      ),
      datasets: { 'clicks.search': files('user_id:int64 query:string ts:timestamp') },
      reportedAt: 'position',
      after: 'where: {',
    },
    {
      text: changed(
        'recall',
        withSequence('events: [impressions], length: 10, available_after: 1m, where: {postion: 1}'),
      ),
      reportedAt: 'postion',
    },
  ],
};
