import { changed } from '../../../src/core/policy/examples/example.ts';
import { later } from '../../../src/core/policy/rules/data/missingChoices.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall'), answers: later(31.4, 27) },
    // Too few to be sure.
    { text: changed('recall'), answers: later(8, 0) },
    // Surely fewer, but not by much.
    { text: changed('recall'), answers: later(2000, 1500) },
  ],
  invalid: [
    { text: changed('recall'), reportedAt: '../out/recall.parquet', answers: later(438, 0) },
    { text: changed('recall'), reportedAt: '../out/recall.parquet', answers: later(60, 15) },
  ],
};
