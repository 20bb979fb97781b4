import { changed } from '../../../src/core/policy/examples/example.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    {
      text: changed('recall', [', pass_through: [city, category]', '']),
      answers: {
        'passed-values': {
          rows: 9,
          columns: [{ name: 'city', compared: 9, wrong: 1, later: 0, foreign: 0, examples: [] }],
        },
      },
    },
  ],
  invalid: [
    {
      text: changed('recall', [
        'pass_through: [city, category]',
        'pass_through: [{column: shown_price, from: impressions, side: exposure}]',
      ]),
      reportedAt: '../out/recall.parquet',
      answers: {
        'passed-values': {
          rows: 1567,
          columns: [{ name: 'shown_price', compared: 900, wrong: 0, later: 0, foreign: 700, examples: [] }],
        },
      },
    },
    {
      text: changed('recall', [
        'pass_through: [city, category]',
        'pass_through: [{column: item_ctr, from: impressions, side: item}]',
      ]),
      reportedAt: '../out/recall.parquet',
      answers: {
        'passed-values': {
          rows: 1567,
          columns: [{ name: 'item_ctr', compared: 900, wrong: 900, later: 850, foreign: 0, examples: [] }],
        },
      },
    },
  ],
};
