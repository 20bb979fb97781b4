import { changed } from '../../../src/core/policy/examples/example.ts';
import { overlap } from '../../../src/core/policy/rules/data/splitOverlap.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall'), answers: overlap(0) },
    { text: changed('recall', ['positive_item: positive_item, ', '']), answers: overlap(12) },
  ],
  invalid: [{ text: changed('recall'), reportedAt: '../out/recall.parquet', answers: overlap(1) }],
};
