import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { completions } from '../../src/core/config/assist/completions.ts';
import { contextAt } from '../../src/core/config/assist/context.ts';
import { foldings } from '../../src/core/config/assist/foldings.ts';
import { hoverAt } from '../../src/core/config/assist/hover.ts';
import type { Known } from '../../src/core/config/assist/known.ts';
import { symbols } from '../../src/core/config/assist/symbols.ts';
import type { ConfigLanguage } from '../../src/core/config/document.ts';
import { readConfig, type ReadConfig } from '../../src/core/config/read.ts';
import { MAX_PROBLEMS } from '../../src/core/config/reading/problems.ts';
import { examples } from '../../src/core/policy/examples/example.ts';
import { rules } from '../../src/core/policy/rules.ts';
import { lintCase } from './lintCase.ts';
import { casesOf } from '../rules/casesOf.ts';

const known: Known = {
  columns: () => [{ name: 'user_id', typeName: 'BIGINT', role: 'user' }],
  paths: () => ['../data/items.parquet'],
  rules: [],
};
const languageOf = (text: string): ConfigLanguage => (/^\uFEFF?\s*\{/.test(text) ? 'json' : 'yaml');

/**
 * Does everything that an editor does after a keystroke at `offset`. Nothing may throw, and every range must be inside
 * the text.
 */
function keystroke(text: string, offset: number): ReadConfig {
  const read = readConfig(text, { language: languageOf(text) });
  const { document, problems } = read;
  assert.ok(problems.length <= 2 * (MAX_PROBLEMS + 1));
  for (const { span, fixes } of problems)
    for (const { start, end } of [span, ...fixes.flatMap(({ changes }) => changes.map((change) => change.span))])
      assert.ok(start >= 0 && start <= end && end <= text.length);
  const context = contextAt(document, offset);
  if (context)
    for (const { span } of completions(context, known))
      assert.ok(span.start <= offset && offset <= span.end, 'a completion replaces what stands around the cursor');
  hoverAt(document, offset, read.config);
  symbols(document);
  foldings(document);
  const { rules: statuses } = lintCase({ text }, { level: 'none', read });
  assert.deepEqual(
    statuses.filter(({ because }) => because?.text.startsWith('internal error')),
    [],
  );
  return read;
}

const ofRules = await Promise.all(rules.map(async (rule) => ({ ...rule.docs, ...(await casesOf(rule)) })));

describe('half-typed', () => {
  for (const [stage, text] of Object.entries(examples)) {
    test(`every prefix of the example of ${stage}`, () => {
      for (let length = 0; length <= text.length; length++) keystroke(text.slice(0, length), length);
    });
  }

  test('every prefix of a config in JSON', () => {
    const text = JSON.stringify(
      {
        version: 1,
        seed: 'a',
        data: { impressions: { path: 'a.csv', columns: { user: 'u', item: 'i', time: 't' } } },
        events: { click: 'c' },
        stages: { recall: { unit: 'positive', negatives: { per_positive: 10, mix: { global_random: 1 } } } },
      },
      null,
      1,
    );
    for (let length = 0; length <= text.length; length++) keystroke(text.slice(0, length), length);
  });

  const cases = [
    ...new Set(
      ofRules.flatMap(({ wrong, right, valid, invalid }) =>
        [wrong, right, ...valid, ...invalid].map(({ text }) => text),
      ),
    ),
  ];
  const cut = fc.tuple(
    fc.constantFrom(...cases),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  );

  test('property: rule examples with a cut text or a cut line are read', () => {
    fc.assert(
      fc.property(cut, fc.boolean(), ([text, where], goesOn) => {
        const offset = Math.floor(where * text.length);
        const next = text.indexOf('\n', offset);
        keystroke(text.slice(0, offset) + (goesOn && next !== -1 ? text.slice(next) : ''), offset);
      }),
      { numRuns: 150 },
    );
  });

  test('property: a removed or repeated part, or an inserted character, is read', () => {
    const sign = fc.constantFrom(
      ...Array.from(':{}[],"\'#&*!|>-?%@`\t\n\r \u0000\uFEFF\u2028${~é𝒳'),
      '\n- ',
      '\r\n  ',
      ': |\n',
      '<<: *a',
      '&a ',
    );
    fc.assert(
      fc.property(cut, sign, fc.integer({ min: 0, max: 60 }), ([text, from, to], inserted, length) => {
        const start = Math.floor(from * text.length);
        const other = Math.floor(to * text.length);
        keystroke(
          text.slice(0, start) + inserted + text.slice(other, other + length) + text.slice(start + length),
          start,
        );
      }),
      { numRuns: 150 },
    );
  });

  test('property: any text at all, in both languages', () => {
    const signs = fc.string({
      unit: fc.constantFrom(...Array.from('ab1:{}[],"\'#&*!|>-?\\ \n\r\t\uFEFF$~./')),
      maxLength: 80,
    });
    fc.assert(
      fc.property(signs, (text) => {
        keystroke(text, text.length);
        readConfig(text, { language: 'json' });
      }),
      { numRuns: 400 },
    );
  });
});
