import { choice, field, integer } from '../../config/shape.ts';
import { message } from '../../report/message.ts';
import { candidatesOf } from '../plan/options.ts';
import type { Source } from '../source.ts';

export const hardScore = {
  name: 'hard_score',
  family: 'hard',
  draws: 'list',
  doc: message('Unclicked candidates of the same request with the highest scores.'),
  formula: 'candidates skip + 1 to skip + top by falling score, in keyed order',
  alias: 'Hard · 高分未点击',
  reachesCorpus: false,
  reachesColdItems: false,
  options: {
    skip: field(integer({ min: 0 }), message('The highest this many are left out.'), { fallback: '0' }),
    top: field(integer({ min: 1 }), message('How many are kept after those.'), { fallback: '100' }),
    by: field(
      choice({
        score: message('The score of coarse ranking (column `score`)'),
        teacher: message('The score of the teacher (column `teacher`)'),
      }),
      message('Which score'),
      { fallback: 'score' },
    ),
  },
  inputs: [{ dataset: 'candidates', columns: ['item', 'request'] }],
  plan: (options) =>
    candidatesOf({
      by: options.is('by', 'teacher') ? 'teacher' : 'score',
      skip: options.number('skip') ?? 0,
      top: options.number('top') ?? 100,
    }),
} as const satisfies Source;
