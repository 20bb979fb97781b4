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

/** Words of a message that no reader of English expects there. Pages explain more and may use them. */
const unclear: typeof riddles = [
  { pattern: /\bbehind\b/i, instead: 'after' },
  { pattern: /\bput aside\b/i, instead: 'kept, stored' },
  { pattern: /\btake out\b/i, instead: 'remove' },
  { pattern: /(?<!there )\bis no (?!longer|more)\w+/i, instead: 'is not a …' },
  { pattern: /\b(?:came|comes) about\b/i, instead: 'was generated' },
  { pattern: /\bmakes? (?:a|the) (?:fix|fixes)\b/i, instead: 'apply' },
  { pattern: /\bnobody\b/i, instead: 'no user, no one' },
  { pattern: /\bholds? (?:no|what|digits)\b/i, instead: 'contains' },
];

/** Parts of identifiers that need the story behind the code. */
const unclearNames: readonly { readonly pattern: RegExp; readonly instead: string }[] = [
  { pattern: /\b\w*(?:[sS]tretch)(?:es|ed)?(?=[A-Z]|\b)/, instead: 'drawBatch' },
  { pattern: /\b(?:told|Told)(?=[A-Z]|\b)|\w+Told\b/, instead: 'reported' },
  { pattern: /\b(?:lookAt|Look|Looks|looked)\b/, instead: 'probe, resolve' },
  { pattern: /\b(?:lackOf|besides|Making|handing)\b/, instead: 'shortage, warnings, job, trainerExport' },
];

/** Texts that a person reads: pages, messages, and comments of code. */
const pages = trackedFiles().filter(
  (file) => file.endsWith('.md') && !file.startsWith('test/') && !file.endsWith('.zh-CN.md'),
);
const code = trackedFiles().filter(
  (file) => /\.(?:ts|mjs|js)$/.test(file) && /^(?:src|webview|scripts|bench|assembly|test)\//.test(file),
);

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

function riddlesOf(
  file: string,
  lines: readonly (readonly [number, string])[],
  words: readonly { readonly pattern: RegExp; readonly instead: string }[] = riddles,
): string[] {
  return lines.flatMap(([number, line]) =>
    words.flatMap(({ pattern, instead }) => {
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

test('messages, commands and settings are written in plain words', () => {
  const bundle = 'l10n/bundle.l10n.zh-cn.json';
  const english = Object.keys(JSON.parse(read(bundle)) as Record<string, string>);
  const manifest = Object.values(JSON.parse(read('package.nls.json')) as Record<string, string>);
  assertNone(
    riddlesOf(
      bundle,
      [...english, ...manifest].map((text, index) => [index + 2, text] as const),
      [...riddles, ...unclear],
    ),
    'words of words.test.ts',
  );
});

test('names need no story', () => {
  const sources = code.filter((file) => /^(?:src|webview|assembly)\//.test(file));
  assertNone(
    sources.flatMap((file) => {
      const isComment = new Set(comments(file).map(([line]) => line));
      const lines = read(file)
        .split('\n')
        .flatMap((line, index): [number, string][] =>
          isComment.has(index + 1) ? [] : [[index + 1, line.replace(/(['"`])(?:(?!\1)[^\\]|\\.)*\1/g, '')]],
        );
      return riddlesOf(file, lines, unclearNames);
    }),
    'identifiers of words.test.ts',
  );
});
