import { changed } from '../../../src/core/policy/examples/example.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [{ text: changed('recall', ['exponent: 0.75', 'exponent: 0.5']) }],
  invalid: [
    { text: changed('recall', ['batch_size: 1024', 'batch_size: 1']), reportedAt: '1', after: 'batch_size: ' },
    { text: changed('recall', ['threshold: 1.0e-3', 'threshold: .inf']), reportedAt: '.inf' },
    { text: changed('recall', ['per_positive: 10', 'per_positive: 2.5']), reportedAt: '2.5' },
    { text: changed('recall', ['seed: demo', 'seed: 9007199254740993']), reportedAt: '9007199254740993' },
    { text: changed('recall', ['global_random: 0.2', 'global_random: -0.2']), reportedAt: '-0.2' },
    { text: changed('recall', ['same_city:', '"@same_city":']), reportedAt: '"@same_city"' },
    {
      text: changed('recall', ['policy: recommended', 'policy: {rules: {recall/exposed-share: [warning, {max: 50}]}}']),
      reportedAt: '50',
      after: '{max: ',
    },
  ],
};
