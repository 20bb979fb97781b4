import { changed } from '../../../src/core/policy/examples/example.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  invalid: [
    { text: changed('recall', ['seed: demo', 'seed: demo\nseed: other']), reportedAt: 'seed', after: 'seed: demo' },
  ],
};
