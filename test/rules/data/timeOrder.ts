import { changed } from '../../../src/core/policy/examples/example.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    // Shuffled.
    { text: changed('recall'), answers: { 'time-order': { rows: 1567, earlier: 780 } } },
    {
      text: changed('recall', [', time: ts, draw', ', draw']),
      answers: { 'time-order': { rows: 1567, earlier: 2 } },
    },
  ],
};
