import { chosenNegatives } from '../../../src/core/policy/examples/chosenNegatives.ts';
import { changed } from '../../../src/core/policy/examples/example.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    {
      text: changed('recall', [', time: ts, draw', ', draw']),
      answers: {
        'false-negatives': {
          ...chosenNegatives({ popularity: { rows: 584, earlier: 31, later: 9 } }),
          examples: [],
        },
      },
    },
    {
      text: changed('recall'),
      datasets: { 'samples.recall': { state: 'missing' } },
      answers: {
        'false-negatives': {
          ...chosenNegatives({ '': { rows: 10, earlier: 5, later: 0 } }),
          examples: [],
        },
      },
    },
  ],
  invalid: [
    // Too few for a warning.
    {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      answers: {
        'false-negatives': {
          ...chosenNegatives({ popularity: { rows: 584, earlier: 1, later: 0 } }),
          examples: [],
        },
      },
    },
    // Chosen later only.
    {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      answers: {
        'false-negatives': {
          ...chosenNegatives({ popularity: { rows: 584, earlier: 0, later: 50 } }),
          examples: [],
        },
      },
    },
  ],
};
