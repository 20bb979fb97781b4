import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupSamples } from '../../src/extension/sidebar/grouping.ts';

test('hive partitions are one data set, named by the folder that holds them', () => {
  assert.deepEqual(
    groupSamples(
      [
        '/w/imp/dt=2026-01-01/hour=00/a.parquet',
        '/w/imp/dt=2026-01-01/hour=01/a.parquet',
        '/w/imp/dt=2026-01-02/hour=00/b.parquet',
      ],
      ['/w'],
    ),
    [{ path: '/w/imp', folder: true, files: 3, format: 'parquet' }],
  );
});

test('part files that a job wrote are one data set; one alone, or among others, is a file', () => {
  assert.deepEqual(groupSamples(['/w/out/part-00000-x.snappy.parquet', '/w/out/part-00001-x.snappy.parquet'], ['/w']), [
    { path: '/w/out', folder: true, files: 2, format: 'parquet' },
  ]);
  assert.deepEqual(groupSamples(['/w/out/part-00000.parquet'], ['/w']), [
    { path: '/w/out/part-00000.parquet', folder: false, files: 1, format: 'parquet' },
  ]);
  assert.deepEqual(
    groupSamples(['/w/out/part-0.parquet', '/w/out/part-1.parquet', '/w/out/users.parquet'], ['/w']).map(
      ({ path }) => path,
    ),
    ['/w/out/part-0.parquet', '/w/out/part-1.parquet', '/w/out/users.parquet'],
  );
});

test('part files of different formats are no data set together', () => {
  const files = ['/w/out/part-0.csv.gz', '/w/out/part-1.parquet'];
  assert.deepEqual(
    groupSamples(files, ['/w']).map(({ path }) => path),
    files,
  );
});

test('plain files are listed one by one, sorted by path, in any search order', () => {
  const files = ['/w/b.parquet', '/w/a.parquet', '/w/sub/c.parquet'];
  assert.deepEqual(
    groupSamples(files, ['/w']).map(({ path }) => path),
    ['/w/a.parquet', '/w/b.parquet', '/w/sub/c.parquet'],
  );
  assert.deepEqual(groupSamples(files.toReversed(), ['/w']), groupSamples(files, ['/w']));
});

test('an equals sign in the name of a file is no partition', () => {
  assert.deepEqual(groupSamples(['/w/k=v.parquet'], ['/w']), [
    { path: '/w/k=v.parquet', folder: false, files: 1, format: 'parquet' },
  ]);
});

test('Windows paths', () => {
  assert.deepEqual(groupSamples(['C:\\w\\imp\\dt=1\\a.parquet', 'C:\\w\\u.parquet'], ['C:\\w']), [
    { path: 'C:\\w\\imp', folder: true, files: 1, format: 'parquet' },
    { path: 'C:\\w\\u.parquet', folder: false, files: 1, format: 'parquet' },
  ]);
});

test('a workspace that is itself a partition is not grouped under its parent folder', () => {
  assert.deepEqual(
    groupSamples(
      ['/logs/dt=2026-01-01/a.parquet', '/logs/dt=2026-01-01/hour=00/b.parquet'],
      ['/logs/dt=2026-01-01'],
    ).map(({ path }) => path),
    ['/logs/dt=2026-01-01', '/logs/dt=2026-01-01/a.parquet'],
  );
});
