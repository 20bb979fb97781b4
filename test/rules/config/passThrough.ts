import { changed } from '../../../src/core/policy/examples/example.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    {
      text: changed(
        'coarse_ranking',
        [
          'pass_through: [city]',
          'pass_through: [{column: coarse_score, side: candidate}, {column: region, from: users}]',
        ],
        [
          '  candidates:\n',
          '  users: {path: ../data/users.parquet, columns: {user: user_id, attributes: [region]}}\n  candidates:\n',
        ],
      ),
    },
  ],
  invalid: [
    {
      text: changed('coarse_ranking', ['pass_through: [city]', 'pass_through: [{column: region, from: users}]']),
      reportedAt: '{column: region, from: users}',
    },
    {
      text: changed('recall', [
        'pass_through: [city, category]',
        'pass_through: [{column: region, from: users, max_age: 7d}]',
      ]),
      reportedAt: '{column: region, from: users, max_age: 7d}',
    },
    {
      text: changed(
        'recall',
        ['pass_through: [city, category]', 'pass_through: [{column: recall_rank, from: candidates}]'],
        ['time: ts, request: request_id, position', 'time: ts, position'],
      ),
      reportedAt: '{column: recall_rank, from: candidates}',
      companions: ['schema/no-request'],
    },
  ],
};
