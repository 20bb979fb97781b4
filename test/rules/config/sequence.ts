import { changed } from '../../../src/core/policy/examples/example.ts';
import { withSequence } from '../../../src/core/policy/rules/config/sequence.ts';
import type { RuleCases } from '../ruleCases.ts';

const clicks = 'events: [click], length: 50, available_after: 1m';
const recall = (options: string): string => changed('recall', withSequence(options));

export const cases: RuleCases = {
  valid: [
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
    { text: recall(`${clicks}, columns: [item, item_id]`), reportedAt: 'item_id', after: 'columns: [item, ' },
  ],
};
