import { changed } from '../../../src/core/policy/examples/example.ts';
import { files, impressionColumns } from '../../../src/core/policy/examples/files.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    {
      text: changed('recall', [
        'time: ts, request: request_id, position',
        'time: {column: ts, unit: ms}, request: request_id, position',
      ]),
      datasets: { impressions: files(impressionColumns.replace('ts:timestamp', 'ts:int64')) },
    },
    { text: changed('recall'), datasets: { rejections: files('user_id:int64 item_id:int64 ts:string') } },
    { text: changed('recall'), datasets: { rejections: files('user_id:int64 item_id:int64 ts:date') } },
  ],
  invalid: [
    {
      text: changed('recall'),
      datasets: {
        impressions: files(impressionColumns.replace('ts:timestamp', 'ts:int64'), {
          ranges: { ts: { min: '1763337600000', max: '1763769599000' } },
        }),
      },
      reportedAt: 'ts',
      after: 'item: item_id, time: ',
    },
    {
      text: changed('recall'),
      datasets: { impressions: files(impressionColumns.replace('ts:timestamp', 'ts:double')) },
      reportedAt: 'ts',
      after: 'item: item_id, time: ',
    },
    { text: changed('recall', ['created: created_at', 'created: reviews']), reportedAt: 'reviews' },
  ],
};
