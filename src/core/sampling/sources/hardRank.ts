import { field, integer, list, text } from '../../config/shape.ts';
import { message } from '../../report/message.ts';
import { candidatesOf } from '../plan/options.ts';
import type { Source } from '../source.ts';

export const hardRank = {
  name: 'hard_rank',
  family: 'hard',
  draws: 'list',
  doc: message(
    'Recall results of the same request whose rank lies in a window: near enough to be hard, far enough not to be wanted.',
  ),
  formula: 'distinct acceptable results with rank in ranks, in keyed order',
  alias: 'Hard · 召回位次',
  reachesCorpus: false,
  reachesColdItems: false,
  options: {
    ranks: field(
      list(integer({ min: 1 }), { min: 2, max: 2 }),
      message('First and last rank, from 1, both included.'),
      { fallback: '[101, 500]' },
    ),
    channel: field(text(), message('Only results of this recall channel.'), { example: 'i2i' }),
  },
  inputs: [{ dataset: 'candidates', columns: ['item', 'request', 'rank'] }],
  plan(options) {
    const [first = 101, last = 500] = options.numbers('ranks');
    return candidatesOf({ by: 'rank', ranks: [first, last], channel: options.text('channel') });
  },
} as const satisfies Source;
