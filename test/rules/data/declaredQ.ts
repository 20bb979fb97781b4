import { changed } from '../../../src/core/policy/examples/example.ts';
import { drawn } from '../../../src/core/policy/rules/data/declaredQ.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall'), answers: drawn([112, 95, 103, 99, 100, 90, 104, 96, 98, 103]) },
    {
      text: changed('recall'),
      answers: drawn([260, 120, 100, 90, 90, 80, 80, 70, 60, 50]),
      options: { max: 0.5 },
    },
    // All draws are left out.
    { text: changed('recall'), answers: drawn([], 900) },
  ],
};
