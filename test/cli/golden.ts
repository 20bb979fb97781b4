import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';

const folder = new URL('../golden/cli/', import.meta.url);

/** Compares with `test/golden/cli/<name>`. `UPDATE_GOLDEN=1` writes the file instead; review it and commit it. */
export function assertGolden(name: string, text: string): void {
  const file = new URL(name, folder);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
  else assert.equal(text, readFileSync(file, 'utf8'), `test/golden/cli/${name}`);
}
