import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { printExpression, type Expression } from '../../src/core/table/expression/ast.ts';
import { parseExpression } from '../../src/core/table/expression/expression.ts';
import { functionDefinition, functionNames } from '../../src/core/table/expression/functions.ts';
import { parse } from '../../src/core/table/expression/parser.ts';
import { describeFailure, FailureError } from '../../src/core/message/failure.ts';
import type { LogicalType } from '../../src/core/table/type.ts';
import { anyExpression, withoutRanges } from './expressions.ts';

const int64: LogicalType = { kind: 'integer', bits: 64, signed: true };
const columns: { name: string; type: LogicalType }[] = [
  { name: 'user_id', type: int64 },
  { name: 'click', type: { kind: 'integer', bits: 32, signed: true } },
  { name: 'city', type: { kind: 'string' } },
  { name: '物品', type: { kind: 'string' } },
  { name: 'score', type: { kind: 'float', bits: 32 } },
  { name: 'propensity', type: { kind: 'float', bits: 64 } },
  { name: 'price', type: { kind: 'decimal', precision: 18, scale: 4 } },
  { name: 'is_viewed', type: { kind: 'boolean' } },
  { name: 'ts', type: { kind: 'timestamp', unit: 'us', zoned: false } },
  { name: 'at', type: { kind: 'timestamp', unit: 'ns', zoned: false } },
  { name: 'zoned', type: { kind: 'timestamp', unit: 'us', zoned: true } },
  { name: 'dt', type: { kind: 'date' } },
  { name: 'tags', type: { kind: 'list', item: { kind: 'string' } } },
  {
    name: 'device',
    type: {
      kind: 'struct',
      fields: [
        { name: 'os', type: { kind: 'string' } },
        { name: 'screen size', type: int64 },
      ],
    },
  },
  { name: 'user-item_affinity_0', type: { kind: 'float', bits: 64 } },
  { name: 'a.b', type: int64 },
];

function tree(text: string): unknown {
  return withoutRanges(parse(text));
}

/** The error as shown to the user, with the characters that it is about. */
function complaint(text: string): string {
  const parsed = parseExpression(text, columns);
  if (parsed.ok) throw new Error(`accepted: ${text}`);
  assert.equal(parsed.failure.code, 'bad-filter');
  return `${text.slice(parsed.range.start, parsed.range.end)} | ${describeFailure(parsed.failure)}`;
}

function accepts(text: string): void {
  const parsed = parseExpression(text, columns);
  assert.ok(parsed.ok, parsed.ok ? '' : `${text}: ${describeFailure(parsed.failure)}`);
}

/** The constant of a literal: `type:text`. */
function constantOf(text: string): string {
  const parsed = parseExpression(text, columns);
  if (!parsed.ok) throw new Error(describeFailure(parsed.failure));
  if (parsed.expression?.kind !== 'compare' || parsed.expression.right.kind !== 'constant')
    throw new Error(`no comparison with a constant: ${text}`);
  const { type, text: value } = parsed.expression.right;
  return `${type.kind}:${value}`;
}

test('operators bind as in SQL', () => {
  for (const [text, same] of [
    ['a or b and not c = 1', 'a or (b and (not (c = 1)))'],
    ['not a = 1 and b', '(not (a = 1)) and b'],
    ['a + b * -c > 1 - 2 - 3', '(a + (b * (-c))) > ((1 - 2) - 3)'],
    ['a between 1 and 2 and b', '(a between 1 and 2) and b'],
    ['a == 1 AND b <> 2', 'a = 1 and b != 2'],
    ['a and (b and c)', 'a and b and c'],
    ["a not in (1, 2) or b not like 'x%' or c is not null", "(a not in (1,2)) or (b not like 'x%') or (c is not null)"],
  ] as const) {
    assert.deepEqual(tree(text), tree(same), text);
  }
});

test('names may be Unicode, quoted, and lead into structs', () => {
  for (const text of [
    "物品 = '西湖'",
    '"user-item_affinity_0" > 0',
    "device.os = 'ios'",
    'device."screen size" >= 1',
    'a.b = 1',
    '"user_id"=1',
  ])
    accepts(text);
});

test('every function of the list is accepted as its usage says, and no other', () => {
  const example: Record<string, string> = {
    text: 'city',
    'text-or-list': 'tags',
    number: 'price',
    whole: 'click',
    digits: '2',
    float: 'score',
    'date-part': 'zoned',
    'clock-part': 'ts',
    'temporal-or-text': 'ts',
    any: 'dt',
    same: 'user_id',
    needle: "'x'",
  };
  for (const name of functionNames) {
    const { parameters, usage } = functionDefinition(name);
    accepts(`${name}(${parameters.map((p) => example[p]).join(', ')}) is not null`);
    assert.ok(usage.startsWith(`${name}(`));
  }
});

test('unsupported syntax is refused with its place and advice', () => {
  const cases: [text: string, complaint: string][] = [
    ['clik = 1', 'clik | Unknown column clik. Did you mean click?'],
    ['USER_ID = 1', 'USER_ID | Unknown column USER_ID. Did you mean user_id?'],
    ['user-item_affinity_0 > 0', 'user | Unknown column user. Did you mean "user-item_affinity_0"?'],
    [
      'city = "北京"',
      '"北京" | Unknown column 北京. Double quotes are for column names. Put single quotes around a string.',
    ],
    ['device.so = 1', 'device.so | Unknown field so of device. Did you mean os?'],
    ['city.x = 1', 'city.x | city has no fields; it is text'],
    ["read_text('/etc/passwd') = ''", `read_text | Unknown function read_text. Allowed: ${functionNames.join(', ')}.`],
    ["getenv('HOME') = ''", `getenv | Unknown function getenv. Allowed: ${functionNames.join(', ')}.`],
    ["uper(city) = 'A'", `uper | Unknown function uper. Did you mean upper? Allowed: ${functionNames.join(', ')}.`],
    ['click in (select 1)', 'select | Queries are not allowed in an expression. Write a condition on the columns.'],
    [
      'cast(click as text) = 1',
      'cast | Casts are not allowed in an expression. A value gets the type of the column that it is compared with.',
    ],
    [
      '(select max(click) from t) = 1',
      'select | Queries are not allowed in an expression. Write a condition on the columns.',
    ],
    ['click = 1; drop table t', '; | An expression is one condition; “;” is not allowed'],
    ['click = 1 -- x', '-- | Comments are not allowed in an expression'],
    ['click /* x */ = 1', '/* | Comments are not allowed in an expression'],
    [
      'click::text = 1',
      ':: | Casts are not allowed in an expression. A value gets the type of the column that it is compared with.',
    ],
    ['click = 1 && user_id = 2', '&& | “&&” is not an operator here. Write “and” between conditions.'],
    ['click ＝ 1', '＝ | Write = instead of “＝”'],
    ['city = ‘x’', "‘ | Write ' instead of “‘”"],
    ["city = 'x", "'x | This string has no closing quote"],
    [
      'click = 12abc',
      '12abc | “12abc” is neither a number nor a name. Put single quotes around a string, and double quotes around a column name that starts with a digit.',
    ],
    ['1 < click < 5', '< | Comparisons cannot be chained. Join them with “and”, or write “between … and …”.'],
    ['click =', ' | The expression ends too early'],
    ['click between 1 or 2', 'or | “or” is not expected here; expected: and'],
    ['click in ()', '() | The list of “in” is empty'],
    [
      'click',
      'click | Expected a condition (true or false), found int32. Write click != 0 for the rows where it is not zero.',
    ],
    ['click = null', 'null | A comparison with null is never true. Write “is null” or “is not null”.'],
    ["user_id = 'abc'", "'abc' | “abc” is not a value of type int64"],
    ['user_id = city', 'city | text cannot be compared with int64'],
    [
      'city < 5',
      '5 | A string cannot be compared with the number 5. Put it in single quotes to compare it as a string.',
    ],
    [
      "dt = '2026-02-30'",
      "'2026-02-30' | “2026-02-30” is not a value of type date. Dates are written '2026-11-20', timestamps '2026-11-20 08:30:00'.",
    ],
    ["ts < '2026-01-01 00:00:00Z'", "'2026-01-01 00:00:00Z' | The column has no time zone. Remove the offset +00:00."],
    [
      "ts < '2026-01-01 00:00:00.1234567'",
      "'2026-01-01 00:00:00.1234567' | The column has 6 decimal places for seconds, but the value has 7",
    ],
    [
      'ts > 5',
      "5 | “5” is not a value of type timestamp[µs]. Dates are written '2026-11-20', timestamps '2026-11-20 08:30:00'.",
    ],
    ["tags = 'a'", 'tags | Values of type list<string> cannot be compared. Use contains(list, value) or length(list).'],
    ["click like '1%'", 'click | Expected a string, found int32. Write text(…) around it to compare it as a string.'],
    [
      "lower(click) = 'a'",
      'click | Expected a string, found int32. Write text(…) around it to compare it as a string.',
    ],
    ["substr(city) = 'a'", 'substr(city) | Wrong number of arguments for substr. Usage: substr(text, start, count).'],
    ['propensity = 1e999', '1e999 | The number has too many digits'],
    ["propensity = '1e309'", "'1e309' | The number is too large for double"],
    ['click = 1\0', '\0 | The character “U+0000” is not allowed here'],
  ];
  for (const [text, wanted] of cases) assert.equal(complaint(text), wanted);
});

test('literals take the exact type of the column they are compared with', () => {
  for (const [text, wanted] of [
    ['user_id = 7203685477590228993', 'integer:7203685477590228993'],
    ["user_id = '7203685477590228993'", 'integer:7203685477590228993'],
    ['user_id = 7.203685477590228993e18', 'integer:7203685477590228993'],
    ['user_id > 7203685477590228993.25', 'decimal:7203685477590228993.5'],
    ['user_id < 1000000000000000000000000000000000000000000000', 'integer:100000000000000000000'],
    ['user_id = -5', 'integer:-5'],
    ['price = 1.23456789', 'decimal:1.23455'],
    ['price = 1.50', 'decimal:1.5'],
    ['propensity = 0.029411764705882353', 'float:0.029411764705882353'],
    ["propensity = '-Infinity'", 'float:-inf'],
    ['city = 12', 'string:12'],
    ['city = 007', 'string:007'],
    ['is_viewed = 1', 'boolean:true'],
    ['click = true', 'integer:1'],
    ["ts = '2026-01-01'", 'timestamp:2026-01-01 00:00:00'],
    ["at = '2026-01-01T08:30:00.123456789'", 'timestamp:2026-01-01 08:30:00.123456789'],
    ["zoned = '2026-01-01 08:30'", 'timestamp:2026-01-01 08:30:00+00:00'],
    ["zoned = '2026-01-01 08:30+0800'", 'timestamp:2026-01-01 08:30:00+08:00'],
    ["dt = '2026-01-01'", 'date:2026-01-01'],
    ["dt < '2026-01-01 12:00'", 'timestamp:2026-01-01 12:00:00'],
  ] as const)
    assert.equal(constantOf(text), wanted, text);
});

test('a blank expression means all rows', () => {
  assert.deepEqual(parseExpression(' \n', columns), { ok: true, expression: null });
});

test('depth and size are limited; long chains are not deep', () => {
  assert.match(complaint(`${'('.repeat(4000)}1`), /nested too deeply/);
  assert.match(complaint(`${'not '.repeat(2000)}is_viewed`), /nested too deeply/);
  assert.match(complaint(`${'- '.repeat(2000)}1 = 1`), /nested too deeply/);
  assert.match(complaint(`${'1 + '.repeat(2000)}1 = 1`), /nested too deeply/);
  assert.match(complaint('abs('.repeat(2000)), /nested too deeply/);
  assert.match(complaint(`city = '${'x'.repeat(10_000)}'`), /at most 10000 are allowed/);
  accepts(Array.from({ length: 700 }, () => 'click = 1').join(' or '));
  accepts(`click in (${Array.from({ length: 1500 }, (_, i) => i).join(', ')})`);
});

test('any text gives a condition or fails with bad-filter at a place inside the text', () => {
  const words = fc.constantFrom(
    'click',
    'user_id',
    'city',
    'and',
    'or',
    'not',
    '(',
    ')',
    ',',
    '=',
    '<',
    "'a'",
    '"ts"',
    '1',
    '-',
    '2.5e3',
    'in',
    'between',
    'like',
    'is',
    'null',
    '.',
    'abs',
    'true',
    '%',
    'device',
    'os',
  );
  const soup = fc.array(words, { maxLength: 25 }).map((w) => w.join(' '));
  fc.assert(
    fc.property(fc.oneof(soup, fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })), (text) => {
      const parsed = parseExpression(text, columns);
      if (parsed.ok) return;
      assert.equal(parsed.failure.code, 'bad-filter');
      assert.ok(0 <= parsed.range.start && parsed.range.start <= parsed.range.end && parsed.range.end <= text.length);
    }),
    { numRuns: 3000 },
  );
});

test('a printed expression parses to an equal one', () => {
  fc.assert(
    fc.property(anyExpression, (e: Expression) => {
      let again: unknown;
      try {
        again = tree(printExpression(e));
      } catch (error) {
        assert.ok(
          error instanceof FailureError && /nested too deeply/.test(error.message),
          `${printExpression(e)}: ${String(error)}`,
        );
        return;
      }
      assert.deepEqual(again, withoutRanges(e));
    }),
    { numRuns: 1000 },
  );
});
