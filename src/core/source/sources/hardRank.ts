import { field, integer, list, text } from '../../schema/shape.ts';
import { message } from '../../message/message.ts';
import { intersect, type Interval } from '../interval.ts';
import { candidatesOf } from '../options.ts';
import { shapes } from '../shapes.ts';
import { always, type OptionValues, type Source } from '../source.ts';

const FIRST_RANK = 101;
const LAST_RANK = 500;

export const hardRank = {
  name: 'hard_rank',
  family: 'hard',
  glyph: '◆',
  mark: { path: shapes.diamond, hollow: false },
  draws: 'list',
  doc: message('Recall results of the same request in a range of ranks: hard, but rarely what the user wants.'),
  formula: 'items with a rank in ranks that are not excluded and exist at that time, in pseudo-random order',
  alias: '困难负样本 · 召回名次',
  isExposed: false,
  reachesCorpus: false,
  reachesColdItems: false,
  options: {
    ranks: field(
      list(integer({ min: 1 }), { min: 2, max: 2 }),
      message('First and last rank, from 1, both included.'),
      { fallback: `[${FIRST_RANK}, ${LAST_RANK}]` },
    ),
    channel: field(text(), message('Only results of this recall channel.'), { example: 'i2i' }),
  },
  overlaps: {
    ranked_unexposed: always,
    coarse_filtered: always,
    hard_rank: (own, other) =>
      (own['channel'] === undefined || other['channel'] === undefined || own['channel'] === other['channel']) &&
      intersect(ranksOf(own), ranksOf(other)),
  },
  inputs: [{ dataset: 'candidates', columns: ['item', 'request', 'rank'] }],
  plan(options) {
    const [first = FIRST_RANK, last = LAST_RANK] = options.numbers('ranks');
    return candidatesOf({ by: 'rank', ranks: [first, last], channel: options.text('channel') });
  },
} as const satisfies Source;

function ranksOf({ ranks }: OptionValues): Interval {
  const [first = FIRST_RANK, last = LAST_RANK] = (ranks ?? []) as readonly number[];
  return [first, last];
}
