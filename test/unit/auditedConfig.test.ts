import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SampleColumn } from '../../src/core/audit/sampleColumns.ts';
import { configOfSample } from '../../src/project/audit/auditedConfig.ts';

/** The columns that rules read in a wide file with this list of negative items. */
function columnsOf(item: SampleColumn, more: Readonly<Record<string, SampleColumn>> = {}): unknown {
  const found = { layout: 'wide', columns: { item, ...more } } as const;
  return configOfSample({ file: '/folder/wide.parquet', folder: '/folder', found }, null).data?.samples?.recall
    ?.columns;
}

test('rules read a wide file with its negatives', () => {
  const item = { name: 'item_id', negatives: 'negative_item_id' };
  assert.deepEqual(columnsOf(item, { source: { name: null, negatives: 'negative_source' } }), {
    item: { column: 'item_id' },
    label: { column: 'label' },
    source: { column: 'source' },
  });
  // A column of that name is another one.
  assert.deepEqual(columnsOf(item, { weight: { name: 'label', negatives: null } }), {
    item: { column: 'item_id' },
    label: { column: 'label_' },
    weight: { column: 'label' },
  });
});

test('without a label, no rule reads a wide file whose negatives a config cannot name', () => {
  assert.deepEqual(
    columnsOf({ name: 'item_id', negatives: 'negatives' }, { log_q: { name: null, negatives: 'neg_log_q' } }),
    {},
  );
});
