import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasSampleHeader } from '../../src/core/table/sampleHeader.ts';

test('a user or an item and one more role make a sample, in every text format', () => {
  for (const [head, format] of [
    ['uid,vid,ts,is_click,scene\n7,v1,', 'csv'],
    ['\uFEFF"userId";"note_id"\r\n1;2\r\n', 'csv'],
    ['用户id\t曝光时间\n', 'tsv'],
    ['sku,city,category\n', 'csv'],
    ['{"creative_id": "a", "clicked": 1, "tags": ["x', 'jsonl'],
  ] as const)
    assert.ok(hasSampleHeader(head, format), head);
});

test('other tables are no samples: one role alone, or none that is a user or an item', () => {
  for (const [head, format] of [
    ['a,b\n1,2\n', 'csv'],
    ['date,close,volume\n', 'csv'],
    ['timestamp,label\n', 'csv'],
    ['user,remark\n', 'csv'],
    ['remark\nuid,vid\n', 'csv'],
    ['{"ts": 1, "message": "uid: 3, vid: 4"}', 'jsonl'],
    ['', 'csv'],
  ] as const)
    assert.equal(hasSampleHeader(head, format), false, head);
});
