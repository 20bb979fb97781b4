import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { assertNone, read, root } from './repository.ts';

test('every test that the threat model names exists', () => {
  const rows = [...read('docs/security.md').matchAll(/^\|.*\| `(test\/[^`]+\.ts)`: (.+) \|$/gm)];
  const threats = read('docs/security.md').split('\n').filter((line) => /^\| (?!from|---)/.test(line));
  assertNone(threats.filter((line) => !rows.some(([row]) => row === line)), 'without a test');
  assertNone(rows.flatMap(([, file = '', name = '']) => (existsSync(path.join(root, file)) && read(file).includes(name) ? [] : [`${file}: ${name}`])), 'missing tests');
});
