import { choice, field } from '../../schema/shape.ts';
import { message } from '../../message/message.ts';
import { poolOf } from '../options.ts';
import { shapes } from '../shapes.ts';
import type { Source } from '../source.ts';

export const exposedRandom = {
  name: 'exposed_random',
  family: 'exposure',
  glyph: '□',
  mark: { path: shapes.square, hollow: true },
  draws: 'pool',
  doc: message('Draws from the items that were shown to any user in the window.'),
  formula: 'q(i) = impressions_i / Σ_j impressions_j',
  alias: '曝光数据随机',
  isExposed: false,
  reachesCorpus: false,
  reachesColdItems: false,
  options: {
    weight: field(
      choice({
        impressions: message('Its number of impressions'),
        uniform: message('Every item with the same probability'),
      }),
      message('The weight of an item'),
      { fallback: 'impressions' },
    ),
  },
  // What was shown is part of the corpus.
  overlaps: { global_random: (_own, { where }) => where === undefined },
  inputs: [{ dataset: 'impressions', columns: ['item'] }],
  plan: (options) =>
    poolOf({
      items: 'exposed',
      weight: options.is('weight', 'uniform') ? null : { count: 'exposures', smoothing: 0, exponent: 1 },
    }),
} as const satisfies Source;
