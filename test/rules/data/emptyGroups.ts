import { changed } from '../../../src/core/policy/examples/example.ts';
import { files } from '../../../src/core/policy/examples/files.ts';
import { keepingShortfalls } from '../../../src/core/policy/examples/mixes.ts';
import { groups } from '../../../src/core/policy/rules/data/emptyGroups.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall'), answers: groups(14) },
    // A single user may own all of them.
    { text: changed('recall'), answers: groups(60, 0, 50) },
    { text: changed('recall'), answers: groups(90), options: { max: 0.1 } },
  ],
  invalid: [
    // All groups of the only user.
    { text: changed('recall'), reportedAt: '../out/recall.parquet', answers: groups(1460, 0, 1460) },
    { text: changed('recall'), reportedAt: '../out/recall.parquet', answers: groups(0, 90) },
    {
      text: changed('coarse_ranking'),
      reportedAt: '../out/coarse_ranking.parquet',
      datasets: {
        'samples.coarse_ranking': files(
          'user_id:int64 item_id:int64 label:int8 source:string request:int64 time:timestamp',
        ),
      },
      answers: groups(90),
    },
    { text: changed('recall', keepingShortfalls), reportedAt: '../out/recall.parquet', answers: groups(90) },
  ],
};
