import { changed } from '../../../src/core/policy/examples/example.ts';
import { withClicks } from '../../../src/core/policy/rules/schema/eventTable.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    {
      text: changed('recall', [
        '      on_shortfall: refill\n      refill_from: global_random\n',
        '      on_shortfall: keep\n',
      ]),
    },
    {
      text: changed('recall', [
        '    path: ../data/users.parquet\n',
        '    table: warehouse.users\n    types: {user_id: bigint, region: string, activity: string}\n',
      ]),
      datasets: { users: { state: 'closed', reason: 'table' } },
    },
  ],
  invalid: [
    {
      text: withClicks('    path: ../data/actions.parquet\n    columns: {user: user_id, time: ts}\n'),
      reportedAt: 'columns',
      after: 'actions.parquet',
    },
    {
      text: changed('recall', ['    path: ../data/users.parquet\n', '']),
      reportedAt: 'users',
      datasets: { users: { state: 'closed', reason: 'path' } },
    },
    { text: changed('recall', ['      refill_from: global_random\n', '']), reportedAt: 'refill' },
  ],
};
