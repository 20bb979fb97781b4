import { changed } from '../../../src/core/policy/examples/example.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall'), answers: { 'user-shares': { rows: 1567, users: 78, topUsers: 1, topRows: 800 } } },
    {
      text: changed('recall'),
      answers: { 'user-shares': { rows: 74_425, users: 2692, topUsers: 27, topRows: 29_770 } },
      options: { max: 0.5 },
    },
  ],
};
