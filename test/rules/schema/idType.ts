import { changed } from '../../../src/core/policy/examples/example.ts';
import { files, impressionColumns } from '../../../src/core/policy/examples/files.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall'), datasets: { rejections: files('user_id:int32 item_id:int32 ts:timestamp') } },
    {
      text: changed('coarse_ranking'),
      datasets: {
        'samples.coarse_ranking': files('user_id:ids item_id:ids label:ids source:string request:int64 time:timestamp'),
      },
    },
  ],
  invalid: [
    {
      text: changed('recall'),
      datasets: { rejections: files('user_id:int64 item_id:string ts:timestamp') },
      reportedAt: 'item_id',
      after: '../data/rejections.parquet\n    columns: {user: user_id, item: ',
    },
    {
      text: changed('recall'),
      datasets: { impressions: files(impressionColumns.replace('user_id:int64', 'user_id:double')) },
      reportedAt: 'user_id',
      after: 'columns: {user: ',
    },
    { text: changed('recall', ['positive_item: positive_item', 'positive_item: title']), reportedAt: 'title' },
  ],
};
