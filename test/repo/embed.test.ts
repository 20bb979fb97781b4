import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { root } from './repository.ts';

test('what ships in other languages is made of its source: npm run embed', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/embed.mjs', '--check'], {
    cwd: root,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
});
