import { choice, either, field, list, number, text } from '../../schema/shape.ts';
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
      message('What to count: an event, or impressions. Default: the positive event with the largest weight.'),
      { example: 'click' },
    ),
    smoothing: field(
      number({ min: 0 }),
      message('Added to every count. With a value above 0, items without events can be drawn too.'),
      { fallback: '0' },
    ),
    window: field(
      text('duration'),
      message('How long before `as_of` to count. Default: the whole log. With `as_of: day`, whole days.'),
      {
        example: '7d',
      },
    ),
    as_of: field(
      either(
        choice({
          cut: message('The training cut'),
          day: message('The start of the group’s day, at most the training cut'),
        }),
        text('day'),
      ),
      message('The end of counting, or a fixed time.'),
      {
        fallback: 'cut',
        example: 'day',
      },
    ),
    group_by: field(
      either(text('user-attribute'), list(text('user-attribute'), { min: 1 })),
      message('User attributes: popularity is counted per value. Users without a value use the counts of all users.'),
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
    const written = options.text('group_by');
    const [attribute, ...others] = new Set(written === null ? options.texts('group_by') : [written]);
    return poolOf({
      weight: { count, smoothing: options.number('smoothing') ?? 0, exponent: options.number('exponent') ?? 0.75 },
      partition:
        attribute === undefined
          ? null
          : { by: 'user', ...(others.length === 0 ? { attribute } : { groupBy: [attribute, ...others] }) },
    });
  },
} as const satisfies Source;
