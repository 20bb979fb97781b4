import { choice, field, integer } from '../../schema/shape.ts';
import { message } from '../../message/message.ts';
import { intersect, type Interval } from '../interval.ts';
import { candidatesOf } from '../options.ts';
import { shapes } from '../shapes.ts';
import { always, type OptionValues, type Source } from '../source.ts';

const TOP = 100;

export const hardScore = {
  name: 'hard_score',
  family: 'hard',
  glyph: '◇',
  mark: { path: shapes.diamond, hollow: true },
  draws: 'list',
  doc: message('Unclicked candidates of the same request with the highest scores.'),
  formula: 'positions skip + 1 to skip + top by descending score, in pseudo-random order',
  alias: '困难负样本 · 高分未点击',
  isExposed: false,
  reachesCorpus: false,
  reachesColdItems: false,
  options: {
    skip: field(integer({ min: 0 }), message('Number of highest-scoring candidates to skip.'), {
      fallback: '0',
    }),
    top: field(integer({ min: 1 }), message('Number of candidates to keep after the skipped ones.'), {
      fallback: `${TOP}`,
    }),
    by: field(
      choice({
        score: message('The score of coarse ranking (column `score`)'),
        teacher: message('The score of the teacher (column `teacher`)'),
      }),
      message('Which score'),
      { fallback: 'score' },
    ),
  },
  overlaps: {
    // What was shown had a high score.
    exposed_unclicked: always,
    ranked_unexposed: always,
    coarse_filtered: always,
    hard_rank: always,
    hard_score: (own, other) => scoreOf(own) === scoreOf(other) && intersect(positionsOf(own), positionsOf(other)),
  },
  inputs: [{ dataset: 'candidates', columns: ['item', 'request'] }],
  plan: (options) =>
    candidatesOf({
      by: options.is('by', 'teacher') ? 'teacher' : 'score',
      skip: options.number('skip') ?? 0,
      top: options.number('top') ?? TOP,
    }),
} as const satisfies Source;

function scoreOf({ by }: OptionValues): unknown {
  return by ?? 'score';
}

/** Positions in the list by descending score, from 1. */
function positionsOf({ skip, top }: OptionValues): Interval {
  const skipped = typeof skip === 'number' ? skip : 0;
  return [skipped + 1, skipped + (typeof top === 'number' ? top : TOP)];
}
