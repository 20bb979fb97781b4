import { changed } from '../../../src/core/policy/examples/example.ts';
import { times } from '../../../src/core/policy/rules/data/timeLeak.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall'), answers: times({ before: 0, after: 1567 }) },
    { text: changed('recall'), answers: times({ split: 'eval', before: 0, after: 1567 }) },
    { text: changed('recall', [', time: ts, draw', ', draw']), answers: times({ before: 9, after: 9 }) },
  ],
  invalid: [
    {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      answers: times({ split: 'eval', before: 1, after: 1566 }),
    },
    {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      answers: times({ split: 'train', before: 0, after: 1567 }),
    },
  ],
};
