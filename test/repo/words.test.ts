import { test } from 'node:test';
import { assertNone, read, trackedFiles } from './repository.ts';

// Constructions that a reader has to parse before they mean something, and what to write instead.
const riddles: readonly { readonly pattern: RegExp; readonly instead: string }[] = [
  { pattern: /\banew\b/i, instead: 'again' },
  { pattern: /\bwhoever\b/i, instead: 'the user, the caller, or the passive' },
  { pattern: /\bbe (?:it|they) (?:a|an|the)\b/i, instead: 'whether' },
  { pattern: /\bas (?:it is|they are)\b(?=[.,;:)]|$)/i, instead: 'unchanged' },
  { pattern: /\bby way of\b/i, instead: 'through' },
  { pattern: /\b(?:is|are|was|were) (?:told|said)\b(?! to)/i, instead: 'is reported' },
  { pattern: /(?<!there )\b(?:is|are) none\b(?! of)/i, instead: 'there is no …' },
  { pattern: /\bstands? (?:there|beside|against|over|on its own)\b/i, instead: 'is' },
  { pattern: /\bbeside\b/i, instead: 'next to, or in addition to' },
  { pattern: /\bthereof\b|\bwherein\b|\bwhereof\b/i, instead: 'of it, in which' },
  { pattern: /\bhas (?:no|its) turn\b/i, instead: 'runs' },
];

/** Texts that a person reads: pages, and comments of code. Messages follow. */
const pages = trackedFiles().filter(
  (file) => file.endsWith('.md') && !file.startsWith('test/') && !file.endsWith('.zh-CN.md') && !generated(file),
);
const code = trackedFiles().filter(
  (file) => /\.(?:ts|mjs|js)$/.test(file) && /^(?:src|webview|scripts|bench|assembly|test)\//.test(file),
);

/** Its sentences come from messages of the code. */
function generated(file: string): boolean {
  return file === 'docs/ratio-config.md' || file.startsWith('docs/rules/');
}

/** The comments of a file by line. A slash in a text or a pattern is no comment: the line begins with one, or a blank precedes it. */
function comments(file: string): [line: number, text: string][] {
  let isInside = false;
  return read(file)
    .split('\n')
    .flatMap((line, index): [number, string][] => {
      const opens = /^\s*\/\*/.test(line);
      const own = isInside || opens || /^\s*\/\//.test(line);
      const trailing = own ? null : /\s\/\/ (.+)$/.exec(line);
      if (opens || isInside) isInside = !line.includes('*/');
      if (own) return [[index + 1, line]];
      return trailing?.[1] === undefined ? [] : [[index + 1, trailing[1]]];
    });
}

function riddlesOf(file: string, lines: readonly (readonly [number, string])[]): string[] {
  return lines.flatMap(([number, line]) =>
    riddles.flatMap(({ pattern, instead }) => {
      const [found] = pattern.exec(line.replace(/`[^`]*`/g, '')) ?? [];
      return found === undefined ? [] : [`${file}:${number}: "${found}" → ${instead}`];
    }),
  );
}

test('pages are written in plain words', () => {
  const found = pages.flatMap((file) => {
    const lines = read(file).split('\n');
    let isCode = false;
    const prose = lines.flatMap((line, index): [number, string][] => {
      if (line.startsWith('```')) isCode = !isCode;
      return isCode ? [] : [[index + 1, line]];
    });
    return riddlesOf(file, prose);
  });
  assertNone(found, 'words of words.test.ts');
});

test('comments are written in plain words', () => {
  assertNone(
    code.filter((file) => file !== 'test/repo/words.test.ts').flatMap((file) => riddlesOf(file, comments(file))),
    'words of words.test.ts',
  );
});
