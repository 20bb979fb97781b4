import { changed } from '../../../src/core/policy/examples/example.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  invalid: [{ text: changed('recall', ['version: 1', 'version: "1"']), reportedAt: '"1"' }],
};
