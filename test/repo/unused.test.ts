import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runTool } from './repository.ts';

test('no file, export or dependency is unused', () => {
  const { code, output } = runTool('knip/bin/knip.js', ['--no-progress']);
  assert.equal(code, 0, output);
});
