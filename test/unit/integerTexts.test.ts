import assert from 'node:assert/strict';
import { test } from 'node:test';
import { message, render } from '../../src/core/message/message.ts';
import { integerTextsNote } from '../../src/core/table/integerTexts.ts';
import type { ColumnProfile, Scalar } from '../../src/core/table/profile.ts';

const note = (
  values: readonly Scalar[],
  change: Partial<Pick<ColumnProfile, 'role' | 'type'>> = {},
  textual = false,
): string | null => {
  const found = integerTextsNote(
    {
      role: { role: 'user', reason: message('declared'), set: false },
      type: { kind: 'string' },
      min: values[0] ?? null,
      max: values.at(-1) ?? null,
      top: values.map((value) => ({ value, count: 1 })),
      ...change,
    },
    textual,
  );
  return found && render(found);
};

test('text ids that look like integers are said to stay text', () => {
  for (const values of [
    ['007', '12', '7'],
    ['-5', '9223372036854775807'],
    ['1', null, '2'],
  ])
    assert.match(note(values) ?? '', /stays text/, values.join());
  for (const values of [['1', 'u2'], ['1.5'], [' 1'], ['12345678901234567890'], ['１２'], [], [null]])
    assert.equal(note(values), null, values.join());
  assert.equal(note(['1', '2'], { role: null }), null);
  assert.equal(note(['1', '2'], { role: { role: 'attribute', reason: message('name'), set: false } }), null);
});

test('ids of text files that are shown as integers are said to be text in ratio configs', () => {
  const type = { kind: 'integer', bits: 64, signed: true } as const;
  assert.match(note([1, 2], { type }, true) ?? '', /read these ids as text/);
  assert.equal(note([1, 2], { type }), null);
});
