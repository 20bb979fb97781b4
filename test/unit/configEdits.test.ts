import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { commentsOf } from '../../src/core/config/comments.ts';
import { ConfigDocument, type ConfigLanguage } from '../../src/core/config/document.ts';
import { applyChanges, insertPair, removePair, renameKey, setValue } from '../../src/core/config/edits.ts';
import type { TextChange } from '../../src/core/config/problem.ts';
import type { Span } from '../../src/core/config/span.ts';
import { keyOf, nodeAt, type ConfigNode, type ConfigPath } from '../../src/core/config/tree.ts';
import { written } from '../../src/core/config/written.ts';
import { examples } from '../../src/core/policy/examples/example.ts';
import { rules } from '../../src/core/policy/rules.ts';
import { render } from '../../src/core/message/message.ts';
import { fixed, lintCase } from './lintCase.ts';
import { casesOf } from '../rules/casesOf.ts';

const languageOf = (text: string): ConfigLanguage => (text.trimStart().startsWith('{') ? 'json' : 'yaml');

/** The comments of a text, without those in `gone`. */
function commentsIn(text: string, gone: readonly Span[] = []): string[] {
  return commentsOf(new ConfigDocument(text, languageOf(text)))
    .filter(({ start, end }) => !gone.some((span) => span.start <= start && end <= span.end))
    .map(({ start, end }) => text.slice(start, end));
}

/** The comment after a pair is removed with the pair's line; comments on their own lines stay. */
function linesTakenOut(text: string, changes: readonly TextChange[]): Span[] {
  return changes
    .filter(
      ({ span, text: put }) =>
        span.start < span.end && /(?:^|\n)$/.test(text.slice(0, span.start)) && /^(?:\s*#[^\n]*\n)*$/.test(put),
    )
    .flatMap(({ span: { start, end } }) =>
      [...text.slice(start, end).matchAll(/^[^#\n]*[^#\s][^#\n]*#.*$/gm)].map(({ index, 0: line }) => ({
        start: start + index,
        end: start + index + line.length,
      })),
    );
}

/** The parts of a text that cannot be read. */
const broken = (text: string): string[] =>
  new ConfigDocument(text, languageOf(text)).problems
    .filter(({ rule }) => rule === 'config/syntax')
    .map(({ message }) => render(message));
const blanksAtEnds = (text: string): number => text.match(/[ \t]+(?=\r?\n|$)/g)?.length ?? 0;

/** The comments that an edit of a suppression changes. */
function suppressionAt(text: string, { start, end }: Span): Span[] {
  return commentsOf(new ConfigDocument(text, languageOf(text))).filter(
    (comment) => comment.start < end && start < comment.end,
  );
}

/** True if all of `some` are in `all`, in the same order. */
function isWithin(some: readonly string[], all: readonly string[]): boolean {
  let next = 0;
  for (const one of all) if (one === some[next]) next++;
  return next === some.length;
}

/** Adds a comment above and after every line. */
function commented(text: string): string {
  return text
    .split('\n')
    .map((line, k) =>
      line.trim() === '' || line.trimStart().startsWith('#')
        ? line
        : `${/^ */.exec(line)?.[0] ?? ''}# above ${k}\n${line} # behind ${k}`,
    )
    .join('\n');
}

const cases = (
  await Promise.all(
    rules.map(async (rule) =>
      [rule.docs.wrong, ...(await casesOf(rule)).invalid].map((one) => ({ ...one, id: rule.id })),
    ),
  )
).flat();

describe('fixes of findings', () => {
  const layouts: readonly (readonly [name: string, of: (text: string) => string])[] = [
    ['as written', (text) => text],
    ['with CRLF', (text) => text.replaceAll('\n', '\r\n')],
    ['with comments above and behind every line', commented],
  ];

  for (const [name, layout] of layouts) {
    test(`${name}: fixes keep the text valid, and keep comments and line ends`, () => {
      let tried = 0;
      for (const one of cases) {
        if (name !== 'as written' && languageOf(one.text) === 'json') continue;
        const text = layout(one.text);
        const before = { broken: broken(text), blanks: blanksAtEnds(text) };
        const { lines } = new ConfigDocument(text, languageOf(text));
        for (const { rule, fixes } of lintCase({ ...one, text }, { rule: one.id }).findings) {
          for (const fix of fixes) {
            tried++;
            const after = fixed(text, fix);
            const told = `${rule}: ${render(fix.title)}\n${text}\n-->\n${after}`;
            assert.ok(
              broken(after).length <= before.broken.length,
              `it cannot be read: ${broken(after).join('\n')}\n${told}`,
            );
            const changes = fix.edits.map(({ range, text: put }) => ({
              span: { start: lines.offset(range.start), end: lines.offset(range.end) },
              text: put,
            }));
            // An unneeded suppression is a comment itself.
            const gone =
              rule === 'config/unused-suppression'
                ? changes.flatMap(({ span }) => suppressionAt(text, span))
                : linesTakenOut(text, changes);
            assert.ok(isWithin(commentsIn(text, gone), commentsIn(after)), `a comment is lost: ${told}`);
            assert.ok(blanksAtEnds(after) <= before.blanks, `a line ends with blanks: ${told}`);
            if (name === 'with CRLF') assert.doesNotMatch(after, /(?<!\r)\n/, `another line end: ${told}`);
          }
        }
      }
      assert.ok(tried > cases.length / 2, `${tried} fixes of ${cases.length} cases`);
    });
  }
});

describe('edits', () => {
  const path = (text: string): ConfigPath => text.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  type Edit = (document: ConfigDocument) => TextChange[];
  const set =
    (at: string, value: string): Edit =>
    (document) =>
      setValue(document, path(at), value);
  const rename =
    (at: string, name: string): Edit =>
    (document) =>
      renameKey(document, path(at), name);
  const remove =
    (at: string): Edit =>
    (document) =>
      removePair(document, path(at));
  const insert =
    (at: string, key: string, value: string, after?: string): Edit =>
    (document) =>
      insertPair(document, at === '' ? [] : path(at), key, value, after);

  for (const [name, edit, before, after] of [
    ['set in a block map', set('a.b', '2'), 'a:\n  b: 1 # why\n  c: 3\n', 'a:\n  b: 2 # why\n  c: 3\n'],
    ['set in a flow map', set('a.b', '2'), 'a: {b: 1, c: 3} # why\n', 'a: {b: 2, c: 3} # why\n'],
    ['set in a list', set('a.1', 'z'), 'a: [x, y]\n', 'a: [x, z]\n'],
    ['set an item in block style', set('a.0', 'z'), 'a:\n  - x # why\n  - y\n', 'a:\n  - z # why\n  - y\n'],
    ['set after a colon without a value', set('a', '1'), 'a:\nb: 2\n', 'a: 1\nb: 2\n'],
    ['set behind a key without colon', set('a', '1'), 'a\nb: 2\n', 'a: 1\nb: 2\n'],
    ['set a missing key', set('a.b', '1'), 'a:\n  c: 2\n', 'a:\n  c: 2\n  b: 1\n'],
    ['set a key in a missing map', set('a.b.c', '1'), 'a:\n  d: 2\n', 'a:\n  d: 2\n  b: {c: 1}\n'],
    ['set a block map to a scalar', set('a', '1'), 'a:\n  b: 1\n  # why\n  c: 2\nd: 3\n', 'a: 1\n  # why\nd: 3\n'],
    [
      'set a block map with comments to a scalar',
      set('a', '1'),
      'a: # why a\n  b: 1 # why b\n  c: 2 # why c\nd: 3\n',
      'a: 1\n  # why a\n  # why b\n  # why c\nd: 3\n',
    ],
    [
      'set a block map with a comment at its end to a scalar',
      set('a', '1'),
      'a:\n  b: 1 # why\nd: 3\n',
      'a: 1 # why\nd: 3\n',
    ],
    ['set a block scalar', set('a', 'x'), 'a: |\n  one\n  two\nb: 1\n', 'a: x\nb: 1\n'],
    ['set with CRLF', set('a.b', '2'), 'a:\r\n  b: 1\r\nc: 3\r\n', 'a:\r\n  b: 2\r\nc: 3\r\n'],
    ['set in JSON', set('a.b', '2'), '{\n  "a": {"b": 1}\n}\n', '{\n  "a": {"b": 2}\n}\n'],
    ['set a missing key in JSON', set('a.c', '2'), '{\n  "a": {"b": 1}\n}\n', '{\n  "a": {"b": 1, "c": 2}\n}\n'],
    ['rename', rename('a.b', 'x'), 'a:\n  b: 1 # why\n', 'a:\n  x: 1 # why\n'],
    ['rename in flow style', rename('a.b', 'x'), 'a: {b: 1}\n', 'a: {x: 1}\n'],
    ['rename to what needs quotes', rename('a', 'x: y'), 'a: 1\n', '"x: y": 1\n'],
    ['rename in JSON', rename('a', 'x'), '{"a": 1}', '{"x": 1}'],
    ['remove the first', remove('a.b'), 'a:\n  b: 1\n  # why c\n  c: 2\n', 'a:\n  # why c\n  c: 2\n'],
    ['remove the last', remove('a.c'), 'a:\n  b: 1\n  # why c\n  c: 2\nd: 3\n', 'a:\n  b: 1\n  # why c\nd: 3\n'],
    ['remove the only one', remove('a.b'), 'a:\n  b: 1\nc: 2\n', 'a: {}\nc: 2\n'],
    ['remove a map with a comment of its own line', remove('a'), 'a:\n  # why b\n  b: 1\nc: 2\n', '  # why b\nc: 2\n'],
    ['remove at the end without line end', remove('b'), 'a: 1\nb: 2', 'a: 1\n'],
    ['remove with CRLF', remove('a'), 'a: 1\r\nb: 2\r\n', 'b: 2\r\n'],
    ['remove the first in flow style', remove('a.b'), 'a: {b: 1, c: 2}\n', 'a: {c: 2}\n'],
    ['remove the last in flow style', remove('a.c'), 'a: {b: 1, c: 2}\n', 'a: {b: 1}\n'],
    ['remove the only one in flow style', remove('a.b'), 'a: {b: 1}\n', 'a: {}\n'],
    [
      'remove between comments in flow style',
      remove('a.c'),
      'a: {\n  b: 1, # why b\n  c: 2, # why c\n  d: 3,\n}\n',
      'a: {\n  b: 1 # why b\n  , # why c\n  d: 3,\n}\n',
    ],
    ['remove the first of an item', remove('a.0.b'), 'a:\n  - b: 1\n    c: 2\n', 'a:\n  - c: 2\n'],
    ['remove in JSON', remove('b'), '{\n  "a": 1,\n  "b": 2\n}\n', '{\n  "a": 1\n}\n'],
    [
      'insert at the end of a block map',
      insert('a', 'c', '2'),
      'a:\n    b: 1 # why\nd: 3\n',
      'a:\n    b: 1 # why\n    c: 2\nd: 3\n',
    ],
    [
      'insert behind a pair',
      insert('a', 'x', '9', 'b'),
      'a:\n  b:\n    c: 1\n  d: 2\n',
      'a:\n  b:\n    c: 1\n  x: 9\n  d: 2\n',
    ],
    ['insert in a flow map', insert('a', 'c', '2'), 'a: {b: 1}\n', 'a: {b: 1, c: 2}\n'],
    ['insert after a trailing comma', insert('a', 'c', '2'), 'a: {\n  b: 1,\n}\n', 'a: {\n  b: 1,\n  c: 2\n}\n'],
    ['insert into an empty flow map', insert('a', 'b', '1'), 'a: {}\n', 'a: {b: 1}\n'],
    ['insert below a key without value', insert('a', 'b', '1'), 'x:\n    y: 1\na:\n', 'x:\n    y: 1\na:\n    b: 1\n'],
    ['insert below a null', insert('a', 'b', '1'), 'a: null\n', 'a: {b: 1}\n'],
    [
      'insert behind a block scalar',
      insert('a', 'c', '1'),
      'a:\n  b: |\n    one\nd: 2\n',
      'a:\n  b: |\n    one\n  c: 1\nd: 2\n',
    ],
    ['insert at the top', insert('', 'b', '1'), 'a: 1\n', 'a: 1\nb: 1\n'],
    ['insert where a line end is missing', insert('', 'b', '1'), 'a: 1', 'a: 1\nb: 1'],
    ['insert into nothing', insert('', 'a', '1'), '', 'a: 1\n'],
    ['insert with CRLF', insert('a', 'c', '2'), 'a:\r\n  b: 1\r\n', 'a:\r\n  b: 1\r\n  c: 2\r\n'],
    [
      'insert in JSON over lines',
      insert('a', 'c', '2'),
      '{\n  "a": {\n    "b": 1\n  }\n}\n',
      '{\n  "a": {\n    "b": 1,\n    "c": 2\n  }\n}\n',
    ],
    ['insert into an empty map of JSON', insert('a', 'b', '1'), '{"a": {}}', '{"a": { "b": 1 }}'],
    ['a path through a scalar changes nothing', set('a.b.0', '1'), 'a: 1\n', 'a: 1\n'],
  ] as const) {
    test(name, () => {
      assert.equal(applyChanges(before, edit(new ConfigDocument(before, languageOf(before)))), after);
      assert.deepEqual(broken(after), []);
    });
  }

  /** Every pair of a config with its path. */
  function* paths(node: ConfigNode | null, at: ConfigPath = []): Iterable<ConfigPath> {
    if (node?.kind === 'list') for (const [k, item] of node.items.entries()) yield* paths(item, [...at, k]);
    if (node?.kind !== 'map') return;
    for (const pair of node.pairs) {
      yield [...at, keyOf(pair)];
      yield* paths(pair.value, [...at, keyOf(pair)]);
    }
  }
  const texts = Object.values(examples).flatMap((text) => [text, commented(text), text.replaceAll('\n', '\r\n')]);
  const places = texts.flatMap((text) => [...paths(new ConfigDocument(text, 'yaml').root)].map((at) => ({ text, at })));
  const place = fc.constantFrom(...places);
  const name = fc.constantFrom('other', 'a b', 'x: y', '7', 'true', '-', 'é𝒳', '#');

  test('property: a value that is set is there, and nothing else has changed', () => {
    const value = fc.oneof(
      name,
      fc.integer(),
      fc.boolean(),
      fc.array(name, { maxLength: 3 }),
      fc.dictionary(name, name, { maxKeys: 2, noNullPrototype: true }),
    );
    fc.assert(
      fc.property(place, value, ({ text, at }, wanted) => {
        const after = changedAt(text, (document) => setValue(document, at, written(wanted)));
        assert.deepEqual(plain(nodeAt(after.root, at)), wanted, after.text);
        assert.deepEqual(without(after.root, at), without(new ConfigDocument(text, 'yaml').root, at), after.text);
      }),
      { numRuns: 300 },
    );
  });

  test('property: a key that is renamed keeps its value and its place', () => {
    fc.assert(
      fc.property(place, name, ({ text, at }, wanted) => {
        const before = nodeAt(new ConfigDocument(text, 'yaml').root, at);
        const after = changedAt(text, (document) => renameKey(document, at, wanted));
        assert.deepEqual(plain(nodeAt(after.root, [...at.slice(0, -1), wanted])), plain(before), after.text);
      }),
      { numRuns: 200 },
    );
  });

  test('property: removing a pair and inserting it again restores the value', () => {
    fc.assert(
      fc.property(place, ({ text, at }) => {
        const before = new ConfigDocument(text, 'yaml');
        const value = plain(nodeAt(before.root, at));
        const after = changedAt(text, (document) => removePair(document, at));
        assert.equal(after.has(at), false, after.text);
        assert.deepEqual(without(after.root, at), without(before.root, at), after.text);
        const back = changedAt(after.text, (document) =>
          insertPair(document, at.slice(0, -1), String(at.at(-1)), written(value as string)),
        );
        assert.deepEqual(plain(back.root), plain(before.root), back.text);
      }),
      { numRuns: 300 },
    );
  });

  /** The document after an edit. The edit must not lose a comment or leave unreadable text. */
  function changedAt(text: string, edit: Edit): ConfigDocument {
    const changes = edit(new ConfigDocument(text, 'yaml'));
    const after = new ConfigDocument(applyChanges(text, changes), 'yaml');
    assert.deepEqual(broken(after.text), [], after.text);
    assert.ok(
      isWithin(commentsIn(text, linesTakenOut(text, changes)), commentsIn(after.text)),
      `a comment is lost: ${after.text}`,
    );
    if (text.includes('\r\n')) assert.doesNotMatch(after.text, /(?<!\r)\n/);
    return after;
  }

  function plain(node: ConfigNode | null): unknown {
    if (!node) return null;
    if (node.kind === 'scalar') return node.value;
    return node.kind === 'list'
      ? node.items.map(plain)
      : Object.fromEntries(node.pairs.map((pair) => [keyOf(pair), plain(pair.value)]));
  }

  /** A tree as plain values, without the value at a path. */
  function without(root: ConfigNode | null, at: ConfigPath): unknown {
    const copy = plain(root);
    let owner = copy as Record<string | number, unknown>;
    for (const step of at.slice(0, -1)) owner = owner[step] as typeof owner;
    owner[at.at(-1) ?? ''] = undefined;
    return copy;
  }
});
