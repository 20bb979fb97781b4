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
  doc: message('Draws from the eligible corpus. The weight of an item is its event count to the power of `exponent`.'),
  formula: 'q(i) = (n_i + smoothing)^exponent / Σ_j (n_j + smoothing)^exponent',
  alias: '基于流行度 · PNS',
  isExposed: false,
  reachesCorpus: false,
  reachesColdItems: false,
  options: {
    exponent: field(number({ min: 0, max: 1 }), message('0 is uniform, 1 uses the raw counts. word2vec uses 0.75.'), {
      fallback: '0.75',
    }),
    count: field(
      text('count'),
      message('What to count: an event, or impressions. Without it: the positive event with the largest weight.'),
      { example: 'click' },
    ),
    smoothing: field(
      number({ min: 0 }),
      message('Added to every count. With a value above 0, items without events can be drawn too.'),
      { fallback: '0' },
    ),
    window: field(text('duration'), message('Length of the counted period before `as_of`. Without it: everything.'), {
      example: '7d',
    }),
    as_of: field(text('day'), message('End of the counted period. Without it: the training cut.'), {
      example: '2026-11-20',
    }),
    group_by: field(
      text('user-attribute'),
      message('A user attribute. Popularity is counted separately for each of its values.'),
      {
        example: 'region',
      },
    ),
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
