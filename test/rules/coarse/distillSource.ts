import { changed } from '../../../src/core/policy/examples/example.ts';
import { coarseCounting } from '../../../src/core/policy/examples/mixes.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    {
      text: coarseCounting(
        ['exposed_unclicked: 10'],
        ['approach: mixed', 'approach: distillation'],
        [', on: exposed}', '}'],
      ),
    },
    {
      text: changed(
        'coarse_ranking',
        ['approach: mixed', 'approach: cascade'],
        ['    teacher: {column: teacher, kind: probability, on: exposed}\n', ''],
      ),
    },
    { text: changed('coarse_ranking', ['on: exposed', 'on: expsed']) },
  ],
  invalid: [
    {
      text: changed('coarse_ranking', ['    teacher: {column: teacher, kind: probability, on: exposed}\n', '']),
      reportedAt: 'mixed',
      after: 'approach: ',
    },
    {
      text: changed('coarse_ranking', ['    approach: mixed\n', ''], [', on: exposed}', '}']),
      reportedAt: 'teacher',
      after: 'coarse_filtered: {count',
    },
  ],
};
