import { changed } from '../../../src/core/policy/examples/example.ts';
import { compared } from '../../../src/core/policy/rules/data/logQ.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    {
      text: changed('recall'),
      answers: compared([{ name: 'log_q', rows: 1100, wrong: 0, largest: 1e-6, examples: [] }]),
    },
    {
      text: changed('recall', ['positive_item: positive_item, ', '']),
      answers: compared([{ name: 'log_q', rows: 9, wrong: 9, largest: 1, examples: [] }]),
    },
  ],
  invalid: [
    {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      answers: compared([{ name: 'log_q_mix', rows: 1100, wrong: 1, largest: 0.01, examples: [] }], {
        users: 1000,
        allUsers: 12_000,
      }),
    },
  ],
};
