import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ConfigDocument } from '../../src/core/config/document.ts';
import { readWithLibrary } from '../../src/core/config/reading/library.ts';
import { Problems } from '../../src/core/config/reading/problems.ts';
import type { ConfigNode } from '../../src/core/config/tree.ts';
import { written } from '../../src/core/config/written.ts';
import { examples } from '../../src/core/policy/examples/example.ts';

describe('our reader and the library', () => {
  /** A tree without parse details. */
  function plain(node: ConfigNode | null): unknown {
    if (!node) return null;
    const { kind, span } = node;
    if (node.kind === 'scalar') return { kind, span, value: node.value, quoted: node.quoted };
    if (node.kind === 'list') return { kind, span, flow: node.flow, items: node.items.map(plain) };
    return {
      kind,
      span,
      flow: node.flow,
      pairs: node.pairs.map(({ key, colon, value }) => ({ key: plain(key), colon, value: plain(value) })),
    };
  }
  function same(text: string): void {
    const ofLibrary = new Problems();
    const root = readWithLibrary(text, 0, ofLibrary);
    const document = new ConfigDocument(text, 'yaml');
    assert.deepEqual(ofLibrary.list, [], text);
    assert.deepEqual(document.problems, [], text);
    assert.deepEqual(plain(document.root), plain(root), text);
  }

  test('give the same tree of the examples', () => {
    for (const text of Object.values(examples)) for (const ended of [text, text.replaceAll('\n', '\r\n')]) same(ended);
  });

  test('property: give the same tree of any value, in block and in flow style', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'click',
        '0.3',
        'a b',
        '2026-11-20',
        '1e3',
        '0x1F',
        '~',
        'null',
        'yes',
        '.inf',
        '-1',
        '12345678901234567890',
        "it's",
        'a#b',
        'a: b',
        '- x',
        'é𝒳',
        '#x',
        '&a',
        '*a',
        '@a',
        '',
        'x:y',
        'http://a/b',
      ),
      fc.string({ maxLength: 6 }).filter((text) => !/[\p{C}]/u.test(text)),
    );
    const scalar = fc.oneof(
      word,
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        scalar,
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(word, tie('value'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(
        fc.dictionary(word, value, { minKeys: 1, maxKeys: 4 }),
        fc.constantFrom('', ' ', ' # why'),
        (map, end) => same(block(map, 0, end)),
      ),
      { numRuns: 300 },
    );
  });

  /** A map in block style; lists and maps at odd depths in flow style. */
  function block(map: object, indent: number, end: string): string {
    return Object.entries(map)
      .map(([key, value]: [string, unknown]) => {
        const begin = `${' '.repeat(indent)}${written(key)}:`;
        const isBlock =
          typeof value === 'object' &&
          value !== null &&
          !Array.isArray(value) &&
          Object.keys(value).length > 0 &&
          indent < 4;
        return isBlock
          ? `${begin}${end}\n${block(value, indent + 2, end)}`
          : `${begin} ${written(value as string)}${end}\n`;
      })
      .join('');
  }
});
