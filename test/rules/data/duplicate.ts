import { changed } from '../../../src/core/policy/examples/example.ts';
import { files } from '../../../src/core/policy/examples/files.ts';
import type { Answers } from '../../../src/core/data/facts.ts';
import type { RuleCases } from '../ruleCases.ts';

const shared = (repeated: number): Pick<Answers, 'duplicates'> => ({
  duplicates: {
    rows: 2000,
    repeated: 0,
    examples: [],
    shared: { rows: 1000, repeated, entries: [{ names: 'far, near', repeated }] },
  },
});

export const cases: RuleCases = {
  valid: [
    { text: changed('recall'), answers: shared(10) },
    { text: changed('recall'), answers: shared(900), options: { max_shared: 1 } },
    // Without `positive_item`, rows of different groups look the same.
    {
      text: changed('recall', ['positive_item: positive_item, ', '']),
      answers: { duplicates: { rows: 3134, repeated: 1567, examples: [] } },
    },
  ],
  invalid: [
    { text: changed('recall'), reportedAt: '../out/recall.parquet', answers: shared(11) },
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
