import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectSentences } from './literals.ts';
import { assertNone, readJson } from './repository.ts';

const { sentences, computed } = collectSentences();
const chinese = readJson('l10n/bundle.l10n.zh-cn.json') as Readonly<Record<string, string>>;
const placeholders = (text: string) => [...new Set(text.match(/\{\d+\}/g) ?? [])].sort();

test('sentences are literals, so that they can be translated', () => {
  assert.ok(sentences.length > 50, `only ${sentences.length} sentences were found`);
  assertNone(computed, 'texts that are not literals');
});

test('every message has its Chinese translation', () => {
  assertNone(
    sentences.filter(({ text }) => (chinese[text] ?? '').trim() === '').map(({ place, text }) => `${place}: ${text}`),
    'not in l10n/bundle.l10n.zh-cn.json',
  );
});

test('no translation is left over', () => {
  const used = new Set(sentences.map(({ text }) => text));
  assertNone(
    Object.keys(chinese).filter((text) => !used.has(text)),
    'only in l10n/bundle.l10n.zh-cn.json',
  );
});

test('translations have the placeholders of the English', () => {
  const wrong = Object.entries(chinese).filter(
    ([english, translated]) => placeholders(english).join() !== placeholders(translated).join(),
  );
  assertNone(
    wrong.map(([english, translated]) => `${english} → ${translated}`),
    'other placeholders',
  );
});

test('every placeholder has a value and every value a placeholder', () => {
  const wrong = sentences.filter(
    ({ text, values }) =>
      values !== undefined &&
      placeholders(text).join() !==
        Array.from({ length: values }, (_, index) => `{${index}}`)
          .sort()
          .join(),
  );
  assertNone(
    wrong.map(({ place, text, values }) => `${place}: ${values} values for: ${text}`),
    'values and placeholders differ',
  );
});

test('translations are in Chinese, their keys sorted', () => {
  const keys = Object.keys(chinese);
  assert.deepEqual(keys, [...keys].sort());
  // Names, codes and units are the same in both languages; a text with English words is not.
  assertNone(
    keys.filter((text) => chinese[text] === text && /[a-z]{3,} [a-z]{3,}/.test(text)),
    'still English',
  );
});
