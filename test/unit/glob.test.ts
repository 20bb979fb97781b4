import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FailureError } from '../../src/core/message/failure.ts';
import { globMatcher } from '../../src/engine/files/glob.ts';

/** A glob as a regular expression: correct, but it takes minutes for some patterns. */
function expressionOf(pattern: string): RegExp {
  let out = '';
  let depth = 0;
  for (let k = 0; k < pattern.length; k++) {
    const c = pattern[k] ?? '';
    const end = pattern.indexOf(']', k + 2);
    if (pattern.startsWith('**/', k)) {
      k += 2;
      out += '(?:[^/]+/)*';
    } else if (pattern.startsWith('**', k)) {
      k++;
      out += '.*';
    } else if (c === '*') out += '[^/]*';
    else if (c === '?') out += '[^/]';
    else if (c === '[' && end >= 0) {
      out += `[${pattern
        .slice(k + 1, end)
        .replace(/\\/g, '\\\\')
        .replace(/^!/, '^')}]`;
      k = end;
    } else if (c === '{') {
      depth++;
      out += '(?:';
    } else if (c === '}' && depth > 0) {
      depth--;
      out += ')';
    } else if (c === ',' && depth > 0) out += '|';
    else out += c.replace(/[\\^$.|+()[\]{}]/g, '\\$&');
  }
  return new RegExp(`^${out}${')'.repeat(depth)}$`, 'su');
}

test('every pattern matches like its regular expression', () => {
  const letters = (all: string, maxLength: number): fc.Arbitrary<string> =>
    fc.string({ unit: fc.constantFrom(...Array.from(all)), maxLength });
  const pieces = fc.array(
    fc.oneof(
      letters('ab/.', 2),
      fc.constantFrom(
        '*',
        '**',
        '**/',
        '?',
        '[ab]',
        '[!a]',
        '[^b]',
        '[a-b]',
        '[-a]',
        '[',
        ']',
        '{',
        '}',
        '{a,b}',
        '{a,}',
        '{**/,b*}',
        ',',
        '!',
        '-',
        '\\',
        '😀',
        '[😀]',
      ),
    ),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(
      pieces,
      fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '/', '.', '😀', ',', '-'), maxLength: 6 }), {
        maxLength: 20,
      }),
      (all, paths) => {
        const pattern = all.join('');
        const expected = expressionOf(pattern);
        const matcher = globMatcher(pattern);
        for (const path of paths) assert.equal(matcher.test(path), expected.test(path), `${pattern} on ${path}`);
      },
    ),
    { numRuns: 2000 },
  );
});

test('a pattern with many stars is matched in time bounded by path and pattern', () => {
  const name = `${'a'.repeat(1000)}.csv`;
  assert.equal(globMatcher(`${'*a'.repeat(100)}b.csv`).test(name), false);
  assert.equal(globMatcher(`${'*a'.repeat(100)}.csv`).test(name), true);
  assert.equal(globMatcher(`/${'**/'.repeat(100)}b`).test(`/${'a/'.repeat(500)}a`), false);
  assert.equal(globMatcher('{a,aa}'.repeat(200)).test(`${'a'.repeat(300)}b`), false);
  assert.equal(globMatcher(`${'{'.repeat(2000)}a${'}'.repeat(2000)}`).test('a'), true);
  assert.equal(globMatcher(`{${'b,'.repeat(200_000)}a}`).test('a'), true);
});

test('a range that goes downwards is refused with the pattern', () => {
  assert.throws(
    () => globMatcher('/data/[z-a].csv', '[z-a].csv'),
    (error) =>
      error instanceof FailureError &&
      error.failure.code === 'bad-request' &&
      error.failure.place?.path === '[z-a].csv',
  );
});
