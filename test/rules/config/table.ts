import { changed } from '../../../src/core/policy/examples/example.ts';
import { users, asTable } from '../../../src/core/policy/rules/config/table.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    {
      text: changed(
        'recall',
        asTable('"`my lake`.users"', '{user_id: "decimal(20, 0)", region: array<string>, activity: varchar(20)}'),
      ),
      datasets: { users: { state: 'closed', reason: 'table' } },
    },
  ],
  invalid: [
    {
      text: changed('recall', [users, '    table: warehouse.users\n']),
      reportedAt: 'table',
      after: 'users:\n    ',
      datasets: { users: { state: 'closed', reason: 'table' } },
    },
    {
      text: changed('recall', asTable('warehouse.users', '{user_id: bigint, region: string}')),
      reportedAt: 'activity',
      after: 'region: string',
      datasets: { users: { state: 'closed', reason: 'table' } },
    },
    {
      text: changed('recall', asTable('warehouse..users', '{user_id: bigint, region: string, activity: string}')),
      reportedAt: 'warehouse..users',
      datasets: { users: { state: 'closed', reason: 'table' } },
    },
    {
      text: changed('recall', [users, `${users}    types: {user_id: bigint}\n`]),
      reportedAt: 'types',
    },
  ],
};
