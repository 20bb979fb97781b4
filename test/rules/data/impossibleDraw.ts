import { changed } from '../../../src/core/policy/examples/example.ts';
import { drawn } from '../../../src/core/policy/rules/data/impossibleDraw.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall'), answers: drawn(584, 0) },
    // One of few.
    { text: changed('recall'), answers: drawn(40, 1) },
    { text: changed('recall'), answers: drawn(100_000, 110) },
    { text: changed('recall'), answers: drawn(584, 31), options: { max: 0.2 } },
  ],
  invalid: [
    { text: changed('recall'), reportedAt: '../out/recall.parquet', answers: drawn(100, 4) },
    { text: changed('recall'), reportedAt: '../out/recall.parquet', answers: drawn(9, 9) },
  ],
};
