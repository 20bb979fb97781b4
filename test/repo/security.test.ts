import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { assertNone, read, root } from './repository.ts';

/**
 * True if the source has a test with this name. In a file that makes tests in a loop, `name` is the call that makes
 * them.
 */
const hasTest = (source: string, name: string): boolean => {
  // The formatter breaks the line before a long name.
  const calls = source.replace(/\(\s+/g, '(');
  return (
    [`test('${name}`, `test("${name}`, `suite('${name}`, `name: '${name}`].some((call) => calls.includes(call)) ||
    source.split('\n').includes(`${name};`)
  );
};

test('every test that the threat model names exists', () => {
  const rows = [...read('docs/dev/threats.md').matchAll(/^\|.*\| `(test\/[^`]+\.ts)`: (.+?) +\|$/gm)];
  const threats = read('docs/dev/threats.md')
    .split('\n')
    .filter((line) => /^\| (?!from|---)/.test(line));
  assertNone(
    threats.filter((line) => !rows.some(([row]) => row === line)),
    'without a test',
  );
  assertNone(
    rows.flatMap(([, file = '', name = '']) =>
      existsSync(path.join(root, file)) && hasTest(read(file), name) ? [] : [`${file}: ${name}`],
    ),
    'missing tests',
  );
});
