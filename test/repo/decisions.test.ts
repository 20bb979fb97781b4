import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { benchYaml } from '../../bench/yaml/run.ts';

const root = new URL('../../', import.meta.url);

test('the table of half-typed configs is what the readers do', async () => {
  const cells = (text: string): string[] =>
    text
      .split('\n')
      .filter((line) => /^\|(?! ?-)/.test(line))
      .map((line) => line.replace(/ *\| */g, '|'));
  const measured = cells(await benchYaml(fileURLToPath(root)));
  const written = cells(readFileSync(new URL('docs/decisions/yaml-reading.md', root), 'utf8'));
  assert.deepEqual(
    measured.filter((line) => !written.includes(line)),
    [],
    'npm run bench -- yaml prints the table of docs/decisions/yaml-reading.md',
  );
  assert.equal(measured.length, 51);
});
