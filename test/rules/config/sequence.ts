import { changed } from '../../../src/core/policy/examples/example.ts';
import { withSequence } from '../../../src/core/policy/rules/config/sequence.ts';
import type { RuleCases } from '../ruleCases.ts';

const clicks = 'events: [click], length: 50, available_after: 1m';
const recall = (options: string): string => changed('recall', withSequence(options));

const values = '{user: user_id, value: query, time: ts}';
const searched = (options: string, columns = values, events = ', events: [search]'): string =>
  changed(
    'recall',
    ['  users:\n', `  clicks:\n    search: {path: ../data/searches.parquet, columns: ${columns}${events}}\n  users:\n`],
    ['  click: is_click\n', '  click: is_click\n  search: {column: query, op: "!=", value: ""}\n'],
    withSequence(options),
  );
const words = 'events: [search], length: 10, available_after: 1m';

export const cases: RuleCases = {
  valid: [
    { text: searched('events: [search], length: 10, available_after: 1m, dedup: item') },
    { text: recall('events: {impressions: 0, click: 1, long_play: 2}, length: 50, available_after: 1m') },
    { text: recall(`${clicks}, session: {gap: 30m}, columns: [item, session, {column: category, from: items}]`) },
    { text: recall('events: [click]') },
    { text: recall(clicks).replace('max_per_user_per_day: 50', 'min_steps: {clicks: 50}') },
  ],
  invalid: [
    { text: recall('events: {}, length: 50, available_after: 1m'), reportedAt: '{}' },
    {
      text: recall('events: [clik], length: 50, available_after: 1m'),
      reportedAt: 'clik',
    },
    {
      text: recall('events: {click: 1, longplay: 2}, length: 50, available_after: 1m'),
      reportedAt: 'longplay',
    },
    {
      text: recall('events: [impressions], length: 50, available_after: 1m, without: [clicked]'),
      reportedAt: 'clicked',
      after: 'without: [',
    },
    {
      text: recall('events: [impressions], length: 50, available_after: 0s, without: [click]'),
      reportedAt: '[click]',
      after: 'without: ',
    },
    { text: recall(`${clicks}, columns: [item, time, session]`), reportedAt: 'session' },
    ...(['dedup: item', 'newest_first: true', 'columns: [item, age]'] as const).map((key) => ({
      text: recall(`${clicks}, ${key}`).replace('output: {layout: long,', 'output: {layout: user,'),
      reportedAt: /\w+(?=\]?$)/.exec(key)?.[0] ?? '',
      after: key.includes('[') ? '[item, ' : `${key.split(' ')[0] ?? ''} `,
    })),
    {
      text: recall(`${clicks}, columns: [item, {column: item_ctr, as: Item_ID}]`),
      reportedAt: '{column: item_ctr, as: Item_ID}',
    },
    {
      text: recall(`${clicks}, columns: [{column: region, from: users}]`),
      reportedAt: '{column: region, from: users}',
    },
    {
      text: recall(`${clicks}, columns: [{column: item_ctr, side: item, max_age: 7d}]`),
      reportedAt: '{column: item_ctr, side: item, max_age: 7d}',
    },
    {
      text: changed('recall', [
        'output: {layout: long,',
        `output: {layout: long, sequences: {my__clicks: {${clicks}}},`,
      ]),
      reportedAt: 'my__clicks',
    },
    {
      text: changed('recall', [
        'output: {layout: long,',
        `output: {layout: long, sequences: {negative_clicks: {${clicks}}},`,
      ]),
      reportedAt: 'negative_clicks',
    },
    {
      text: changed('recall', ['output: {layout: long,', `output: {layout: long, sequences: {negative: {${clicks}}},`]),
      reportedAt: 'negative',
      after: 'sequences: {',
    },
    {
      text: changed('recall', ['output: {layout: long,', `output: {layout: long, sequences: {"a'b": {${clicks}}},`]),
      reportedAt: `"a'b"`,
    },
    {
      text: changed('recall', [
        'output: {layout: long,',
        `output: {layout: long, sequences: {clicks: {${clicks}}, Clicks: {${clicks}}},`,
      ]),
      reportedAt: 'Clicks',
    },
    {
      text: recall(clicks).replace('max_per_user_per_day: 50', 'min_steps: {click: 1}'),
      reportedAt: 'click',
      after: 'min_steps: {',
    },
    {
      text: recall(clicks).replace('max_per_user_per_day: 50', 'min_steps: {clicks: 51}'),
      reportedAt: '51',
    },
    {
      text: changed(
        'coarse_ranking',
        ['events: {click: 1}', 'events: {click: 1}\n      min_steps: {clicks: 1}'],
        ['output: {layout: long,', `output: {layout: long, sequences: {clicks: {${clicks}}},`],
      ),
      reportedAt: 'min_steps',
    },
    { text: searched('events: [search, click], length: 10, available_after: 1m'), reportedAt: '[search, click]' },
    {
      text: searched('events: {impressions: 0, search: 1}, length: 10, available_after: 1m'),
      reportedAt: '{impressions: 0, search: 1}',
    },
    {
      text: searched(words, '{user: user_id, item: item_id, value: query, time: ts}'),
      reportedAt: 'query',
      after: 'value: ',
    },
    { text: searched(words, '{user: user_id, value: query}'), reportedAt: 'columns', after: 'searches.parquet, ' },
    {
      text: searched('events: [click], length: 10, available_after: 1m', values, ''),
      reportedAt: 'query',
      after: 'value: ',
    },
    {
      text: searched(words).replace('events: {click: 1', 'events: {search: 3, click: 1'),
      reportedAt: 'search',
      after: 'events: {',
    },
    {
      text: searched(words).replace('exclude: {events: [click', 'exclude: {events: [search, click'),
      reportedAt: 'search',
      after: 'exclude: {events: [',
    },
    {
      text: searched(words).replace('output: {layout: long,', 'output: {layout: long, events: [search],'),
      reportedAt: 'search',
      after: 'layout: long, events: [',
    },
    {
      text: searched('events: [impressions], without: [search], length: 10, available_after: 1m'),
      reportedAt: 'search',
      after: 'without: [',
    },
    { text: recall(`${clicks}, columns: [item, item_id]`), reportedAt: 'item_id', after: 'columns: [item, ' },
  ],
};
