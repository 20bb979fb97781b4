import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SparkTable } from '../../src/core/spark/sparkJob.ts';
import { Source } from '../../src/core/spark/inputs/source.ts';
import { expressionSql } from '../../src/core/relation/render.ts';
import { sparkDialect } from '../../src/core/relation/sparkDialect.ts';

const items: SparkTable = {
  format: 'parquet',
  path: '/items.parquet',
  table: null,
  isPartitioned: false,
  compression: 'none',
  text: null,
  isNested: false,
  isPattern: false,
  realPlaces: [],
  otherFile: null,
  columns: [{ name: 'status', type: { kind: 'string' } }],
  roles: {},
};

test('a condition with more values than a function has arguments is compared with each of them', () => {
  const values = Array.from({ length: 130_000 }, (_, k) => `v${k}`);
  const source = new Source('items', items);
  const [condition] = source.conditions({ status: values });
  assert.ok(condition);
  const sql = expressionSql(condition, sparkDialect);
  assert.equal(sql.split(' OR ').length, values.length);
  assert.match(sql, /= 'v0'\) OR .*= 'v129999'/s);
});
