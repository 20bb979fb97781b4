import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleSequences } from '../../src/core/data/sampleSequences.ts';
import type { LogicalType } from '../../src/core/table/type.ts';

const texts: LogicalType = { kind: 'list', item: { kind: 'string' } };
const columns = [
  { name: '点击行为序列', type: texts },
  { name: 'clicked', type: { kind: 'string' } },
  { name: 'click_seq', type: { kind: 'json' } },
  { name: 'tags', type: texts },
] as const;

test('sequences are found by usual names, in English and Chinese, and in JSON', () => {
  const found = sampleSequences(columns, {}, { planned: [], declared: [] });
  assert.deepEqual(
    found.map(({ name, item }) => [name, item]),
    [
      ['点击行为序列', '点击行为序列'],
      ['click_seq', 'click_seq'],
    ],
  );
});

test('a declared column belongs to no other sequence, and a missing one is ignored', () => {
  const column = (role: string, name: string) => ({ dataset: 'samples.recall', role, name, path: [] }) as const;
  const lists = [column('item', 'click_seq'), column('time', 'absent')];
  const declared = [{ name: 'past', columns: lists, separator: null }];
  const found = sampleSequences(columns, {}, { planned: [], declared });
  assert.deepEqual(
    found.map(({ name, item, time }) => [name, item, time]),
    [
      ['past', 'click_seq', null],
      ['点击行为序列', '点击行为序列', null],
    ],
  );
});
