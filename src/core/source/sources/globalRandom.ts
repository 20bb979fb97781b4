import { message } from '../../message/message.ts';
import { poolOf, whereOf } from '../options.ts';
import { shapes } from '../shapes.ts';
import type { Source } from '../source.ts';
import { where } from '../where.ts';

export const globalRandom = {
  name: 'global_random',
  family: 'random',
  glyph: '●',
  mark: { path: shapes.circle, hollow: false },
  draws: 'pool',
  doc: message('Draws from the eligible corpus, every item with the same probability.'),
  formula: 'q(i) = 1 / N',
  alias: '全局随机 · RNS',
  isExposed: false,
  reachesCorpus: true,
  reachesColdItems: true,
  options: { where },
  inputs: [{ dataset: 'items', columns: ['item'] }],
  plan: (options) => poolOf({ where: whereOf(options) }),
} as const satisfies Source;
