import { changed } from '../../../src/core/policy/examples/example.ts';
import { type Column, values } from '../../../src/core/policy/rules/data/labelLeak.ts';
import type { RuleCases } from '../ruleCases.ts';

/** NULL in no positive and in 33 % of the negatives. */
const nullOfDraws: Partial<Column> = { positives: 900, knownPositives: 900, knownNegatives: 952 };

export const cases: RuleCases = {
  valid: [
    { text: changed('recall'), answers: values({ auc: 0.93 }) },
    // NULL in 4.8 % of the positives and in 33 % of the negatives.
    { text: changed('recall'), answers: values({ knownPositives: 139, knownNegatives: 952 }) },
    { text: changed('recall'), answers: values({ positives: 900, knownPositives: 900, knownNegatives: 1400 }) },
    {
      text: changed('recall', [
        'pass_through: [city, category]',
        'pass_through: [{column: item_ctr, from: impressions, side: item}]',
      ]),
      answers: values({ name: 'item_ctr', ...nullOfDraws }),
    },
    { text: changed('recall'), answers: values({ name: 'keep_prob', auc: 0.9999 }) },
    { text: changed('recall'), answers: values({ auc: 0.9999 }), options: { min_rows: 1000 } },
  ],
  invalid: [
    { text: changed('recall'), reportedAt: '../out/recall.parquet', answers: values({ auc: 0.0001 }) },
    {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      answers: values({ knownNegatives: 300, isNullByName: true }),
    },
    { text: changed('recall'), reportedAt: '../out/recall.parquet', answers: values(nullOfDraws) },
  ],
};
