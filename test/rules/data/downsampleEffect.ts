import { changed } from '../../../src/core/policy/examples/example.ts';
import { effect } from '../../../src/core/policy/rules/data/downsampleEffect.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall'), answers: effect(40, 8000) },
    { text: changed('recall'), answers: effect(900, 3000), options: { max: 0.8 } },
    { text: changed('recall'), answers: { 'hot-effect': { positives: 161, items: 90, thinned: 90, kept: 75 } } },
    { text: changed('recall', ['      downsample_hot: {threshold: 1.0e-3}\n', '']), answers: effect(0, 10_000) },
  ],
  invalid: [{ text: changed('recall'), answers: effect(900, 3000), reportedAt: '1.0e-3' }],
};
