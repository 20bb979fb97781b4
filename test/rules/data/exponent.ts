import { changed } from '../../../src/core/policy/examples/example.ts';
import { fitted } from '../../../src/core/policy/rules/data/exponent.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall'), answers: fitted(0.78, 0.002) },
    // Beyond the limit, but not surely.
    { text: changed('recall'), answers: fitted(0.87, 0.02) },
    // Too few draws to be sure.
    { text: changed('recall'), answers: fitted(1.02, 0.1) },
    { text: changed('recall'), answers: fitted(1.02, 0.04), options: { max: 0.3 } },
  ],
};
