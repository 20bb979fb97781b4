import { choice, field, list, text } from '../../schema/shape.ts';
import { message } from '../../message/message.ts';
import { countOf, isCount, poolOf } from '../options.ts';
import { shapes } from '../shapes.ts';
import type { Source } from '../source.ts';

export const sameAttribute = {
  name: 'same_attribute',
  family: 'random',
  glyph: '○',
  mark: { path: shapes.circle, hollow: true },
  draws: 'pool',
  doc: message('Draws items of the eligible corpus that share attributes with the positive, such as its city.'),
  formula:
    'q(i) = w_i / Σ_j w_j over items j with the attributes of the positive\nw = 1, or the number of positive events with weight: popularity',
  alias: '业务逻辑 · 同城',
  isExposed: false,
  reachesCorpus: false,
  reachesColdItems: true,
  options: {
    match: field(
      list(text('item-attribute'), { min: 1 }),
      message('Item attributes that must be equal to those of the positive'),
      { required: true, example: '[city]' },
    ),
    weight: field(
      choice({
        uniform: message('Every item with the same probability'),
        popularity: message('Its number of positive events'),
      }),
      message('The weight of an item'),
      { fallback: 'uniform' },
    ),
  },
  inputs: [{ dataset: 'items', columns: ['item', 'attributes'] }],
  plan(options, context) {
    if (context.unit === 'request') return message('it matches the positive, but a request has no single positive');
    const attributes = options.texts('match');
    if (attributes.length === 0) return message('it does not say which attributes must match');
    const partition = { by: 'positive', attributes } as const;
    if (!options.is('weight', 'popularity')) return poolOf({ partition });
    const count = countOf(options, context);
    return isCount(count) ? poolOf({ weight: { count, smoothing: 0, exponent: 1 }, partition }) : count;
  },
} as const satisfies Source;
