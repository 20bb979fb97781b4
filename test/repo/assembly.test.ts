import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { root } from './repository.ts';

test('what ships in WebAssembly is made of its source: npm run assembly', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/assembly.mjs', '--check'], {
    cwd: root,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
});
