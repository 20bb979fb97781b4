import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataPlace } from '../../src/project/facts/dataPlace.ts';

const place = { folder: '/projects/project/configs', root: '/projects/project' };
const allowed = (path: string, given?: string, trusted = true): string | null => {
  const found = dataPlace({ path }, given === undefined ? place : { ...place, given }, trusted);
  return 'path' in found ? `${found.path} in ${found.root}` : null;
};

test('outside of the root, a data set may be read only if the user named exactly its path and trusts the workspace', () => {
  const sample = '/projects/samples/a.parquet';
  assert.equal(allowed('../../samples/a.parquet', sample), '/projects/samples/a.parquet in /');
  assert.equal(allowed('../../samples/a.parquet'), null);
  assert.equal(allowed('../../samples/b.parquet', sample), null);
  assert.equal(allowed('../../samples', sample), null);
  assert.equal(allowed('../../samples/a.parquet', sample, false), null);
});

test('a named data set may have links to anywhere, others only to what is in the root', () => {
  const sample = '/projects/project/out/a.parquet';
  assert.equal(allowed('../out/a.parquet', sample), '/projects/project/out/a.parquet in /');
  assert.equal(allowed('../out/a.parquet'), '/projects/project/out/a.parquet in /projects/project');
});
