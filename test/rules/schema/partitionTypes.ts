import { changed } from '../../../src/core/policy/examples/example.ts';
import { files } from '../../../src/core/policy/examples/files.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  invalid: [
    {
      text: changed('recall'),
      datasets: {
        candidates: files(
          'user_id:int64 item_id:int64 request_id:int64 ts:timestamp channel:string recall_rank:int32 reached:string',
          { unevenPartitions: ['dt', 'hour'] },
        ),
      },
      reportedAt: '../data/candidates/dt=*/*.parquet',
    },
  ],
};
