import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertNone, read, trackedFiles } from './repository.ts';

const texts = trackedFiles().filter(
  (file) => !/\.(png|parquet|gz|zst|ttf|woff2?|arrow|feather|bin)$/.test(file) && !file.startsWith('test/fixtures/'),
);

/** Texts that must not appear in the project. */
const forbidden: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'a path of one machine', pattern: /\/(?:work|root|home\/\w+|Users\/\w+)\// },
  {
    what: 'a registry or download host',
    pattern: /\b(?:registry\.[\w-]+\.\w+|(?:npm|pypi)[\w-]*\.(?:org|com|io|internal)|files\.pythonhosted\.org)\b/,
  },
  { what: 'a focused test', pattern: /\b(?:test|it|describe|suite)\.only\(/ },
  { what: 'a silenced type error', pattern: /@ts-(?:ignore|nocheck)/ },
  { what: 'a type error expected without a reason', pattern: /@ts-expect-error(?!\s+\S)/ },
  { what: 'a lint rule disabled without a reason (-- why)', pattern: /(?:eslint|oxlint)-disable(?!.* -- \S)/ },
  { what: 'a note of unfinished work', pattern: /\b(?:TODO|FIXME|XXX)\b/ },
];

for (const { what, pattern } of forbidden) {
  test(`no file has ${what}`, () => {
    const found = texts
      .filter((file) => file !== 'test/repo/text.test.ts')
      .flatMap((file) =>
        read(file)
          .split('\n')
          .flatMap((line, index) => {
            const [hit] = pattern.exec(line) ?? [];
            return hit === undefined ? [] : [`${file}:${index + 1}: ${hit}`];
          }),
      );
    assertNone(found, what);
  });
}

test('the lock file names no download host', () => {
  assert.doesNotMatch(read('package-lock.json'), /"resolved":/);
});
