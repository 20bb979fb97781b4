import { changed } from '../../../src/core/policy/examples/example.ts';
import type { RuleCases } from '../ruleCases.ts';

const perPositive = (text: string): readonly [string, string] => [
  '      per_positive: 10\n',
  `      per_positive: 10\n      distinct: ${text}\n`,
];

export const cases: RuleCases = {
  valid: [{ text: changed('recall', perPositive('false')) }],
  invalid: [
    {
      text: changed('recall', perPositive('true'), ['logq: shares', 'logq: true']),
      reportedAt: 'distinct',
      companions: ['recall/logq-lists', 'recall/in-batch-weight'],
    },
    {
      text: changed('fine_ranking', ['    negatives:\n', '    negatives:\n      distinct: true\n']),
      reportedAt: 'distinct',
    },
  ],
};
