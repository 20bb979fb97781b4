import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataPlace } from '../../src/project/facts/dataPlace.ts';

const place = { folder: '/work/project/configs', root: '/work/project' };
const allowed = (path: string, given?: string, trusted = true): string | null => {
  const found = dataPlace({ path }, given === undefined ? place : { ...place, given }, trusted);
  return 'path' in found ? `${found.path} in ${found.root}` : null;
};

test('outside of the root, a data set may be read only if the user named exactly its path and trusts the workspace', () => {
  const sample = '/work/samples/a.parquet';
  assert.equal(allowed('../../samples/a.parquet', sample), '/work/samples/a.parquet in /work/samples');
  assert.equal(allowed('../../samples/a.parquet'), null);
  assert.equal(allowed('../../samples/b.parquet', sample), null);
  assert.equal(allowed('../../samples', sample), null);
  assert.equal(allowed('../../samples/a.parquet', sample, false), null);
});

test('a named data set in the root may have links to all of the root', () => {
  const sample = '/work/project/out/a.parquet';
  assert.equal(allowed('../out/a.parquet', sample), '/work/project/out/a.parquet in /work/project');
  assert.equal(allowed('../out/a.parquet'), '/work/project/out/a.parquet in /work/project');
});
