import { changed } from '../../../src/core/policy/examples/example.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    {
      text: changed('recall', [', time: ts, draw', ', draw']),
      answers: {
        'false-negatives': {
          entries: [{ name: 'popularity', rows: 584, before: 31, later: 9, design: 1, laterDesign: 1 }],
          examples: [],
        },
      },
    },
    {
      text: changed('recall'),
      datasets: { 'samples.recall': { state: 'missing' } },
      answers: {
        'false-negatives': {
          entries: [{ name: null, rows: 10, before: 5, later: 0, design: 1, laterDesign: 1 }],
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
          entries: [{ name: 'popularity', rows: 584, before: 1, later: 0, design: 1, laterDesign: 1 }],
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
          entries: [{ name: 'popularity', rows: 584, before: 0, later: 50, design: 1, laterDesign: 1 }],
          examples: [],
        },
      },
    },
  ],
};
