import { changed } from '../../../src/core/policy/examples/example.ts';
import { files } from '../../../src/core/policy/examples/files.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    // Without `positive_item`, rows of different groups look the same.
    {
      text: changed('recall', ['positive_item: positive_item, ', '']),
      answers: { duplicates: { rows: 3134, repeated: 1567, examples: [] } },
    },
  ],
  invalid: [
    {
      text: changed('fine_ranking'),
      reportedAt: '../out/fine_ranking.parquet',
      answers: { duplicates: { rows: 6000, repeated: 1, examples: [] } },
      datasets: {
        'samples.fine_ranking': files(
          'user_id:int64 item_id:int64 label:int8 source:string request:int64 time:timestamp position:int32 weight:double',
        ),
      },
    },
  ],
};
