import { changed } from '../../../src/core/policy/examples/example.ts';
import { inUserOrder, withoutInBatch } from '../../../src/core/policy/examples/mixes.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall', inUserOrder, withoutInBatch) },
    { text: changed('recall', ['order: shuffled', 'order: shuffled_rows']) },
  ],
  invalid: [
    { text: changed('recall', ['order: shuffled', 'order: user']), reportedAt: 'user', after: 'order: ' },
    {
      text: changed('recall', ['output: {layout: long, order: shuffled, pass_through: [city, category]}\n', '']),
      reportedAt: 'in_batch',
    },
  ],
};
