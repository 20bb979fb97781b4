import { changed } from '../../../src/core/policy/examples/example.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    {
      text: changed('recall', [', time: ts, draw', ', draw']),
      answers: { contradictions: { rows: 1567, pairs: 12, examples: [] } },
    },
    {
      text: changed('recall'),
      datasets: { 'samples.recall': { state: 'missing' } },
      answers: { contradictions: { rows: 1567, pairs: 12, examples: [] } },
    },
  ],
};
