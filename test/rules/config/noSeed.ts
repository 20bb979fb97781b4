import { changed } from '../../../src/core/policy/examples/example.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [{ text: changed('recall', ['seed: demo', 'seed: 0']) }, { text: changed('recall', ['seed: demo', 'seed:']) }],
};
