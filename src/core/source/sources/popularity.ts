import { field, number, text } from '../../schema/shape.ts';
import { message } from '../../message/message.ts';
import { countOf, isCount, poolOf } from '../options.ts';
import { shapes } from '../shapes.ts';
import type { Source } from '../source.ts';

export const popularity = {
  name: 'popularity',
  family: 'popularity',
  glyph: '▟',
  mark: { path: shapes.bars, hollow: false },
  draws: 'pool',
  doc: message('Draws from the eligible corpus; the weight of an item is its count of events to the power `exponent`.'),
  formula: 'q(i) = (n_i + smoothing)^exponent / Σ_j (n_j + smoothing)^exponent',
  alias: '基于流行度 · PNS',
  isExposed: false,
  reachesCorpus: false,
  reachesColdItems: false,
  options: {
    exponent: field(number({ min: 0, max: 1 }), message('0 is uniform, 1 is the raw counts; word2vec took 0.75.'), {
      fallback: '0.75',
    }),
    count: field(
      text('count'),
      message('What is counted: an event, or impressions. Without it: the heaviest event of the positives.'),
      { example: 'click' },
    ),
    smoothing: field(
      number({ min: 0 }),
      message('Added to every count: above 0, items without events can be drawn too.'),
      { fallback: '0' },
    ),
    window: field(text('duration'), message('Counts only this long before `as_of`. Without it: everything.'), {
      example: '7d',
    }),
    as_of: field(text('day'), message('Counts up to here. Without it: the training cut.'), { example: '2026-11-20' }),
    group_by: field(text('user-attribute'), message('A user attribute: every group has popularity of its own.'), {
      example: 'region',
    }),
  },
  inputs: [
    { dataset: 'items', columns: ['item'] },
    { dataset: 'impressions', columns: ['item', 'time'] },
  ],
  plan(options, context) {
    const count = countOf(options, context);
    if (!isCount(count)) return count;
    const attribute = options.text('group_by');
    return poolOf({
      weight: { count, smoothing: options.number('smoothing') ?? 0, exponent: options.number('exponent') ?? 0.75 },
      partition: attribute === null ? null : { by: 'user', attribute },
    });
  },
} as const satisfies Source;
