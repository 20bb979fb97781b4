import { changed } from '../../../src/core/policy/examples/example.ts';
import { all } from '../../../src/core/policy/rules/config/excludeFuture.ts';
import type { RuleCases } from '../ruleCases.ts';

const withoutEval = ['  eval: {from: 2026-11-21, to: 2026-11-21}\n', ''] as const;

export const cases: RuleCases = {
  valid: [{ text: changed('recall', all, ['to: 2026-11-20}\n', 'to:}\n']) }],
  invalid: [
    { text: changed('recall', all, withoutEval), reportedAt: 'all', after: 'within: ' },
    {
      text: changed('recall', ['global_random: 0.2', 'global_random: {share: 0.2, exclude: {within: all}}']),
      reportedAt: 'all',
      after: 'exclude: {within: ',
    },
  ],
};
