import { changed } from '../../../src/core/policy/examples/example.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall', ['../data/items.parquet', '/demo/data/items.parquet']) },
    { text: changed('recall', ['../data/items.parquet', '../data/./x/../items.parquet']) },
  ],
  invalid: [
    {
      text: changed('recall', ['../data/items.parquet', 's3://bucket/items.parquet']),
      reportedAt: 's3://bucket/items.parquet',
    },
    {
      text: changed('recall', ['../data/items.parquet', '\\\\server\\share\\items.parquet']),
      reportedAt: '\\\\server\\share\\items.parquet',
    },
    { text: changed('recall', ['../data/items.parquet', '/dev/stdin']), reportedAt: '/dev/stdin' },
    { text: changed('recall', ['../out/recall.parquet', '/tmp/recall.parquet']), reportedAt: '/tmp/recall.parquet' },
    {
      text: changed('recall', ['../data/items.parquet', '../data/link.parquet']),
      reportedAt: '../data/link.parquet',
      datasets: {
        items: {
          state: 'refused',
          failure: {
            code: 'refused-path',
            message: { text: '{0} leads out of the workspace', args: ['link.parquet'] },
          },
        },
      },
    },
    {
      text: changed('recall', [
        '    path: ../data/users.parquet\n',
        '    path: ../data/users.parquet\n    table: warehouse.users\n',
      ]),
      reportedAt: 'table',
    },
    { text: changed('recall', ['policy: recommended', 'policy: recomended']), reportedAt: 'recomended' },
    {
      text: changed('recall', ['policy: recommended', 'policy: https://example.org/policy.yaml']),
      reportedAt: 'https://example.org/policy.yaml',
    },
  ],
};
