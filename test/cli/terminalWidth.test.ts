import assert from 'node:assert/strict';
import { test } from 'node:test';
import { terminalWidth } from '../../src/cli/terminalWidth.ts';

test('a report is as wide as the terminal; pipes and unsized terminals use a default width', () => {
  assert.equal(terminalWidth({ isTTY: true, columns: 97 }), 97);
  assert.equal(terminalWidth({ isTTY: true, columns: 10 }), 40);
  assert.equal(terminalWidth({ isTTY: true, columns: 0 }), 120);
  assert.equal(terminalWidth({ isTTY: false, columns: 97 }), 120);
});
