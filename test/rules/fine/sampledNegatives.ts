import { changed } from '../../../src/core/policy/examples/example.ts';
import { mixing } from '../../../src/core/policy/rules/fine/sampledNegatives.ts';
import type { RuleCases } from '../ruleCases.ts';

const rejections = (kind: string): readonly [string, string] => [
  '  samples:\n',
  `  rejections:
    path: ../data/${kind === 'by_user' ? 'dislikes' : 'rejections'}.parquet
    columns: {user: user_id, item: item_id, time: ts}
    kind: ${kind}
  samples:
`,
];

export const cases: RuleCases = {
  valid: [
    {
      text: changed(
        'fine_ranking',
        rejections('by_user'),
        mixing('exposed_unclicked: {share: 0.9, seen: viewed}', 'rejected: 0.1'),
      ),
    },
    { text: changed('fine_ranking', mixing('shown: {source: exposed_unclicked, share: 1}')) },
    { text: changed('fine_ranking', mixing('exposed_unclicked: 1', 'global_randm: 0.2')) },
  ],
  invalid: [
    {
      text: changed('fine_ranking', mixing('exposed_unclicked: 0.8', 'anything: {source: popularity, share: 0.2}')),
      reportedAt: 'anything',
    },
    {
      text: changed('fine_ranking', rejections('by_owner'), mixing('exposed_unclicked: 0.9', 'rejected: 0.1')),
      reportedAt: 'rejected',
    },
    {
      text: changed('fine_ranking', [
        '      calibration: weight\n',
        '      calibration: weight\n    training: {loss: pointwise, in_batch: {batch_size: 512}}\n',
      ]),
      reportedAt: 'in_batch',
    },
  ],
};
