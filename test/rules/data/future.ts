import { changed } from '../../../src/core/policy/examples/example.ts';
import { files } from '../../../src/core/policy/examples/files.ts';
import { rows } from '../../../src/core/policy/rules/data/future.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [{ text: changed('recall', [', time: ts, draw', ', draw']), answers: rows({ labels: 3 }) }],
  invalid: [
    // A config that asks for them is an info.
    { text: changed('recall'), reportedAt: '../out/recall.parquet', answers: rows({ declared: 4 }) },
    { text: changed('recall'), reportedAt: '../out/recall.parquet', answers: rows({ labels: 1 }) },
    { text: changed('recall'), reportedAt: '../out/recall.parquet', answers: rows({ labels: 1, exposures: 2 }) },
    {
      text: changed('fine_ranking'),
      reportedAt: '../out/fine_ranking.parquet',
      datasets: {
        'samples.fine_ranking': files(
          'user_id:int64 item_id:int64 label:int8 source:string request:int64 time:timestamp position:int32 weight:double',
        ),
      },
      answers: rows({ teachers: 4 }),
    },
  ],
};
