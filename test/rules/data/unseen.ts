import { changed } from '../../../src/core/policy/examples/example.ts';
import { rows } from '../../../src/core/policy/rules/data/unseen.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall'), answers: rows(3) },
    { text: changed('recall'), answers: rows(15, 0, 30) },
    { text: changed('recall', [', seen: viewed, mature_after: 30m', '']), answers: rows(300) },
  ],
  invalid: [{ text: changed('recall'), reportedAt: '../out/recall.parquet', answers: rows(0, 300) }],
};
