import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import {
  covers,
  isInside,
  kindOfPath,
  literalPattern,
  resolveLinks,
  splitGlob,
  targetOutside,
} from '../../src/extension/samplePath.ts';

let root = '';
before(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'recsample-path-')));
  for (const folder of ['workspace/sub', 'elsewhere']) mkdirSync(path.join(root, folder), { recursive: true });
  for (const file of ['workspace/a[1].parquet', 'elsewhere/b.parquet', 'workspace/sub/c.parquet'])
    writeFileSync(path.join(root, file), '');
  symlinkSync(path.join(root, 'elsewhere/b.parquet'), path.join(root, 'workspace/out.parquet'));
  symlinkSync(path.join(root, 'workspace/sub/c.parquet'), path.join(root, 'workspace/in.parquet'));
  symlinkSync(path.join(root, 'nowhere'), path.join(root, 'workspace/dangling.parquet'));
  symlinkSync(path.join(root, 'workspace'), path.join(root, 'alias'));
});
after(() => {
  rmSync(root, { recursive: true });
});
const at = (...segments: string[]): string => path.join(root, ...segments);

test('what exists is no pattern, whatever its name', () => {
  assert.equal(kindOfPath(at('workspace/a[1].parquet')), 'file');
  assert.equal(kindOfPath(at('workspace')), 'folder');
  assert.equal(kindOfPath(at('workspace/*.parquet')), 'glob');
  assert.equal(kindOfPath(at('workspace/none.parquet')), 'missing');
});

test('a path that cannot be checked is missing, not an exception', () => {
  symlinkSync(at('circle'), at('circle'));
  assert.equal(kindOfPath(at('circle')), 'missing');
  assert.equal(kindOfPath(at('circle', 'a.parquet')), 'missing');
});

test('a glob is split above its first wildcard', () => {
  assert.deepEqual(splitGlob('/data/imp/dt=*/part-?.parquet'), {
    root: path.normalize('/data/imp'),
    pattern: 'dt=*/part-?.parquet',
  });
  assert.deepEqual(splitGlob('/*.parquet'), { root: path.sep, pattern: '*.parquet' });
});

test('a glob covers the files that it matches and the folders that have them, not all below its root', () => {
  const glob = at('workspace', 's*', '*.parquet');
  assert.ok(covers(glob, at('workspace/sub/c.parquet')));
  assert.ok(covers(glob, at('workspace/sub')));
  assert.ok(covers(glob, at('workspace')));
  assert.ok(!covers(glob, at('workspace/a[1].parquet')));
  assert.ok(!covers(at('workspace', '*.csv'), at('workspace/sub')));
  assert.ok(!covers(glob, at('.')));
  assert.ok(!covers(at('workspace', '[z-a].parquet'), at('workspace/sub')));
  assert.ok(covers(at('workspace'), at('workspace/sub/c.parquet')));
  assert.ok(!covers(at('workspace/sub'), at('workspace/a[1].parquet')));
  assert.ok(covers(at('workspace/a[1].parquet'), at('workspace/a[1].parquet')));
});

test('a name with wildcards is matched literally', () => {
  assert.equal(literalPattern('a[1]*{x}?.parquet'), 'a[[]1][*][{]x}[?].parquet');
});

test('a path with the same prefix is not inside the folder', () => {
  assert.ok(isInside('/w/a', '/w'));
  assert.ok(isInside('/w', '/w'));
  assert.ok(!isInside('/wide/a', '/w'));
  assert.ok(!isInside('/a', '/w'));
  assert.ok(isInside('/w/..data/a', '/w'));
  assert.ok(!isInside('/', '/w'));
});

test('only a link out of the workspace is returned with its target', () => {
  const folders = [at('workspace')];
  assert.equal(targetOutside(at('workspace/out.parquet'), folders), at('elsewhere/b.parquet'));
  assert.equal(targetOutside(at('workspace/in.parquet'), folders), null);
  assert.equal(targetOutside(at('workspace/a[1].parquet'), folders), null);
  assert.equal(targetOutside(at('elsewhere/b.parquet'), folders), null);
  assert.equal(targetOutside(at('alias/sub/c.parquet'), [at('alias')]), null);
});

test('a broken link resolves to itself', () => {
  assert.equal(resolveLinks(at('workspace/dangling.parquet')), at('workspace/dangling.parquet'));
});
