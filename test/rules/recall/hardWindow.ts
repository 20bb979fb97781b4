import { changed } from '../../../src/core/policy/examples/example.ts';
import { mixing } from '../../../src/core/policy/rules/recall/hardWindow.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    // Without `ranks`, the entry uses the published window.
    { text: mixing('hard_rank: 0.1') },
    { text: mixing('hard_rank: {share: 0.1, ranks: [200, 300]}') },
    { text: mixing('hard_rank: {share: 0.1, ranks: [101, 300]}'), options: { length: 300 } },
    { text: mixing('hard_rank: {share: 0.1, ranks: [11, 600]}'), options: { window: [11, 600] } },
    { text: changed('recall') },
  ],
  invalid: [
    { text: mixing('near: {source: hard_rank, share: 0.1, ranks: [51, 200]}'), reportedAt: '[51, 200]' },
    { text: mixing('hard_rank: {share: 0.1, ranks: [10, 500]}'), reportedAt: '[10, 500]' },
    { text: mixing('hard_rank: {share: 0.1, ranks: [101, 501]}'), reportedAt: '[101, 501]' },
    {
      text: mixing('hard_rank: {share: 0.1, ranks: [101, 500]}'),
      options: { length: 300 },
      reportedAt: '[101, 500]',
    },
  ],
};
