import { changed } from '../../../src/core/policy/examples/example.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall', ['layout: long,', 'layout: wide,']) },
    {
      text: changed('recall', [
        'output: {layout: long, order: shuffled,',
        'output: {order: shuffled_rows, group_id: true,',
      ]),
    },
  ],
  invalid: [
    {
      text: changed('coarse_ranking', ['output: {layout: long', 'output: {layout: wide']),
      reportedAt: 'wide',
    },
    {
      text: changed('recall', [
        'output: {layout: long, order: shuffled,',
        'output: {order: shuffled_rows, group_id: false,',
      ]),
      reportedAt: 'group_id',
    },
  ],
};
