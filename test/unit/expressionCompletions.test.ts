import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expressionCompletions } from '../../src/core/table/expression/completions.ts';
import { parseExpression } from '../../src/core/table/expression/expression.ts';
import type { LogicalType } from '../../src/core/table/type.ts';

const columns: readonly { readonly name: string; readonly type: LogicalType }[] = [
  { name: 'user_id', type: { kind: 'integer', bits: 64, signed: true } },
  { name: 'city', type: { kind: 'string' } },
  { name: 'user-item affinity', type: { kind: 'float', bits: 32 } },
  {
    name: 'context',
    type: { kind: 'struct', fields: [{ name: 'device', type: { kind: 'string' } }] },
  },
];
const values: Readonly<Record<string, readonly { text: string; rows: number }[]>> = {
  city: [
    { text: '杭州', rows: 9 },
    { text: "O'Hare", rows: 3 },
  ],
  user_id: [{ text: '7203685477590228993', rows: 4 }],
};

/** Completes at `|`. */
function complete(marked: string) {
  const caret = marked.indexOf('|');
  const text = marked.replace('|', '');
  const { range, items, valuesOf } = expressionCompletions(text, caret, columns, (name) => values[name] ?? null);
  const applied = items.map(({ insert }) => text.slice(0, range.start) + insert + text.slice(range.end));
  return { labels: items.map(({ label }) => label), applied, valuesOf };
}

test('an operand is completed with columns and functions, and names are quoted where they must be', () => {
  assert.deepEqual(complete('|').labels.slice(0, 4), ['user_id', 'city', 'user-item affinity', 'context']);
  assert.deepEqual(complete('us|').applied, ['user_id', '"user-item affinity"']);
  assert.deepEqual(complete('label = 1 and "user-i|').applied, ['label = 1 and "user-item affinity"']);
  assert.deepEqual(complete('star|').applied, ['starts_with(']);
  assert.ok(complete('length(|').labels.includes('city'));
  assert.deepEqual(complete('context.|').applied, ['context.device']);
  assert.deepEqual(complete('city|').labels, [], 'a complete word needs nothing');
});

test('a comparison is completed with frequent values of its column, quoted as its type needs', () => {
  assert.deepEqual(complete('city = |').applied.slice(0, 2), ["city = '杭州'", "city = 'O''Hare'"]);
  assert.deepEqual(complete("city = 'o|").applied, ["city = 'O''Hare'"]);
  assert.deepEqual(complete("city in ('杭州', |").applied[1], "city in ('杭州', 'O''Hare'");
  assert.deepEqual(complete('user_id != 72|').applied, ['user_id != 7203685477590228993']);
  assert.equal(complete('user_id between 1 and |').valuesOf, 'user_id');
  assert.equal(complete('context.device = |').valuesOf, null, 'values of fields are not counted');
  assert.equal(complete('city = |').valuesOf, 'city');
});

test('an operand is followed by operators, and a comparison by and, or', () => {
  assert.deepEqual(complete('user_id i|').labels.slice(0, 3), ['in (', 'is null', 'is not null']);
  assert.ok(!complete('user_id |').labels.includes('like'), 'no like for numbers');
  assert.deepEqual(complete('city is |').labels, ['null', 'not null']);
  assert.deepEqual(complete("city = '杭州' |").labels, ['and', 'or']);
});

test('text that is no part of the grammar gets no proposals, and every accepted value parses', () => {
  assert.deepEqual(complete('city ＝ |').labels, []);
  assert.deepEqual(complete("city = '杭州' -- |").labels, []);
  for (const text of [...complete('city = |').applied.slice(0, 2), ...complete('user_id = |').applied.slice(0, 1)])
    assert.ok(parseExpression(text, columns).ok, text);
});
