import { changed } from '../../../src/core/policy/examples/example.ts';
import { heads } from '../../../src/core/policy/rules/data/hotRatio.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall'), answers: heads(500, 900) },
    // Uniform draws, less what users chose.
    { text: changed('recall'), answers: heads(500, 150) },
    // A few users have most of the rows.
    { text: changed('recall'), answers: heads(1100, 900, 50) },
    { text: changed('recall'), answers: heads(1400, 900), options: { cap: 0.8 } },
    { text: changed('recall'), answers: heads(500, 40), options: { min_items: 20_000 } },
  ],
  invalid: [
    { text: changed('recall'), answers: heads(500, 40), reportedAt: '../out/recall.parquet' },
    // No row at all.
    { text: changed('recall'), answers: heads(500, 0, 4), reportedAt: '../out/recall.parquet' },
  ],
};
