import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Expression } from '../../src/core/table/expression/ast.ts';
import { printExpression } from '../../src/core/table/expression/ast.ts';
import { functionDefinition, functionNames } from '../../src/core/table/expression/functions.ts';
import type { Condition } from '../../src/core/table/filter.ts';
import type { LogicalType } from '../../src/core/table/type.ts';
import { compileFilter } from '../../src/engine/sql/filter.ts';
import { quoteIdentifier, quoteLiteral } from '../../src/engine/sql/quote.ts';
import { memoryDatabase } from './memoryDatabase.ts';

const connection = memoryDatabase();

interface TestTable {
  readonly name: string;
  readonly columns: { name: string; type: LogicalType }[];
}

async function table(
  name: string,
  columns: [name: string, sql: string, type: LogicalType][],
  rows: readonly string[],
): Promise<TestTable> {
  await connection().run(
    `CREATE OR REPLACE TABLE ${name} (row INTEGER, ${columns.map(([c, sql]) => `${quoteIdentifier(c)} ${sql}`).join(', ')})`,
  );
  if (rows.length > 0)
    await connection().run(`INSERT INTO ${name} VALUES ${rows.map((r, i) => `(${i}, ${r})`).join(', ')}`);
  return { name, columns: columns.map(([c, , type]) => ({ name: c, type })) };
}

/** Numbers of the rows that match the filter. */
async function matches(t: TestTable, expression: string, ...conditions: Condition[]): Promise<number[]> {
  const sql = compileFilter({ conditions, expression }, t.columns);
  const result = await connection().runAndReadAll(`SELECT row FROM ${t.name} WHERE ${sql} ORDER BY row`);
  return result.getRows().map(([row]) => Number(row));
}

const int = (bits: 32 | 64 | 128, signed = true): LogicalType => ({ kind: 'integer', bits, signed });

test('int64, uint64 and decimals are compared digit for digit', async () => {
  const t = await table(
    'exact',
    [
      ['id', 'BIGINT', int(64)],
      ['u', 'UBIGINT', int(64, false)],
      ['h', 'HUGEINT', int(128)],
      ['d', 'DECIMAL(18, 4)', { kind: 'decimal', precision: 18, scale: 4 }],
    ],
    [
      '9007199254740992, 18446744073709551615, 170141183460469231731687303715884105727, 1.2345',
      '9007199254740993, 0, -5, 1.2346',
      '-9223372036854775808, 9223372036854775808, 0, -0.0001',
      'NULL, NULL, NULL, NULL',
    ],
  );
  const cases: [string, number[]][] = [
    ['id = 9007199254740993', [1]],
    ["id = '9007199254740993'", [1]],
    ['id > 9007199254740992.5', [1]],
    ['id between 9007199254740992.1 and 9.007199254740993e15', [1]],
    ['id in (9007199254740992.5, 9007199254740992)', [0]],
    ['id != 9007199254740993', [0, 2]],
    ['not id = 9007199254740993', [0, 2]],
    [`id < ${'9'.repeat(60)}`, [0, 1, 2]],
    [`id > -${'9'.repeat(60)}`, [0, 1, 2]],
    ['id = -9223372036854775808', [2]],
    ['-id > 0', [2]],
    ['id - 1 < -9223372036854775808', [2]],
    ['abs(id) = 9223372036854775808', [2]],
    ['id * id > 0', [0, 1, 2]],
    // A result above 128 bits has no value: the row does not match, and the query continues.
    ['id * id * id * id > 0', []],
    ['id * id * id * id is null', [0, 1, 2, 3]],
    ['h * 2 < 0', [1]],
    ['u = 18446744073709551615', [0]],
    ['u > id', [0, 2]],
    ['u > -1', [0, 1, 2]],
    ['h > 9223372036854775807', [0]],
    ['d = 1.2345', [0]],
    ['d > 1.23450000000000000000000000000000001', [1]],
    ['d >= 1.23449999999999999999999999999999999999999', [0, 1]],
    ['d < 0', [2]],
    ['d * 2 = 2.4690', [0]],
    ['coalesce(id, 2.5) = 2.5', [3]],
    ['coalesce(id, 0) = 0', [3]],
    ['id is null', [3]],
    ['id / 0 is null', [0, 1, 2, 3]],
    ['id % 2 = 1', [1]],
  ];
  for (const [expression, rows] of cases) assert.deepEqual(await matches(t, expression), rows, expression);
});

test('floats are found by the digits that are shown', async () => {
  const t = await table(
    'floats',
    [
      ['f', 'FLOAT', { kind: 'float', bits: 32 }],
      ['x', 'DOUBLE', { kind: 'float', bits: 64 }],
    ],
    ['0.1, 0.029411764705882353', "'nan', 'nan'", "'inf', '-inf'", '0, 1e-320', '-13.99, 0.1'],
  );
  const cases: [string, number[]][] = [
    ['f = 0.1', [0]],
    ['f > 0.1 and f < 1', []],
    ['x = 0.029411764705882353', [0]],
    ['x - 0.029411764705882353 = 0', [0]],
    ['coalesce(x, 0) = 0.029411764705882353', [0]],
    ["f = 'nan'", [1]],
    ['is_nan(x)', [1]],
    ["x = '-inf'", [2]],
    ['f = -13.99', [4]],
    ['ln(f) is null', [3, 4]],
    ['sqrt(f) >= 0 and not is_nan(f)', [0, 2, 3]],
    ['round(f, 1) = -14', [4]],
    ['floor(f) = -14 and ceil(f) = -13', [4]],
    ['x / 0 is null', [0, 1, 2, 3, 4]],
  ];
  for (const [expression, rows] of cases) assert.deepEqual(await matches(t, expression), rows, expression);
});

test('dates and times keep their digits, whatever the time zone of the session', async () => {
  await connection().run("SET TimeZone = 'Asia/Shanghai'");
  const t = await table(
    'times',
    [
      ['ts', 'TIMESTAMP', { kind: 'timestamp', unit: 'us', zoned: false }],
      ['ns', 'TIMESTAMP_NS', { kind: 'timestamp', unit: 'ns', zoned: false }],
      ['z', 'TIMESTAMPTZ', { kind: 'timestamp', unit: 'us', zoned: true }],
      ['dt', 'DATE', { kind: 'date' }],
      ['t', 'TIME', { kind: 'time' }],
    ],
    [
      "'2026-11-20 08:30:15.123456', '2026-11-20 08:30:15.123456789', '2026-11-20 23:30:00+00', '2026-11-20', '08:30:00'",
      "'2026-11-21 00:00:00', '2026-11-20 08:30:15.123456788', '2026-11-21 00:30:00+08', '2026-11-21', '23:59:59.999999'",
      'NULL, NULL, NULL, NULL, NULL',
    ],
  );
  const cases: [string, number[]][] = [
    ["ts = '2026-11-20 08:30:15.123456'", [0]],
    ["ts >= '2026-11-21'", [1]],
    ["ns = '2026-11-20T08:30:15.123456789'", [0]],
    ["ns > '2026-11-20 08:30:15.123456788'", [0]],
    ["z = '2026-11-20 23:30:00Z'", [0]],
    ["z = '2026-11-21 00:30:00+08:00'", [1]],
    ["z < '2026-11-20 17:00'", [1]],
    ["date(z) = '2026-11-20'", [0, 1]],
    ['hour(z) = 23 or day(z) = 21', [0]],
    ['z > ts', [0]],
    ["dt = '2026-11-21'", [1]],
    ["dt < '2026-11-20 12:00'", [0]],
    ["t between '08:30' and '09:00'", [0]],
    ['year(dt) = 2026 and month(dt) = 11 and weekday(dt) = 5', [0]],
    ['minute(t) = 30 and second(ts) = 15', [0]],
    ["dt in ('2026-11-20', '2026-11-21')", [0, 1]],
    ["ns between '1678-01-01' and '2261-12-31 23:59:59.999999999'", [0, 1]],
    ["ts between '0000-01-01' and '9999-12-31 23:59:59.999999'", [0, 1]],
    ["z between '0001-01-01 00:00-15:59' and '9999-12-31 23:59+15'", [0, 1]],
    ["dt between '0000-01-01' and '9999-12-31'", [0, 1]],
    ["t <= '23:59:59.999999'", [0, 1]],
  ];
  for (const [expression, rows] of cases) assert.deepEqual(await matches(t, expression), rows, expression);
  await connection().run("SET TimeZone = 'UTC'");
});

test('filters work on texts, enums, uuids, bytes, lists and structs', async () => {
  const t = await table(
    'texts',
    [
      ['s', 'VARCHAR', { kind: 'string' }],
      ['e', "ENUM ('click', 'play')", { kind: 'enum' }],
      ['id', 'UUID', { kind: 'uuid' }],
      ['raw', 'BLOB', { kind: 'binary' }],
      ['tags', 'BIGINT[]', { kind: 'list', item: int(64) }],
      [
        'd',
        'STRUCT(os VARCHAR, "screen ""size" STRUCT(w INTEGER))',
        {
          kind: 'struct',
          fields: [
            { name: 'os', type: { kind: 'string' } },
            { name: 'screen "size', type: { kind: 'struct', fields: [{ name: 'w', type: int(32) }] } },
          ],
        },
      ],
      ['b', 'BOOLEAN', { kind: 'boolean' }],
    ],
    [
      `'西湖 100%', 'click', '550e8400-e29b-41d4-a716-446655440000', from_hex('e8a5bf'), [1, 9007199254740993], {'os': 'ios', 'screen "size': {'w': 5}}, true`,
      `'O''Hare', 'play', NULL, from_hex('00'), [], {'os': 'android', 'screen "size': NULL}, false`,
      `'a' || chr(0) || 'b', NULL, NULL, NULL, NULL, NULL, NULL`,
    ],
  );
  const cases: [string, number[]][] = [
    ["s like '%100\\%'", []],
    ["s like '%100%'", [0]],
    ["s ilike 'o''h%'", [1]],
    ["contains(s, '%')", [0]],
    ["contains(s, '\0')", [2]],
    ["s = 'a\0b'", [2]],
    ["s != 'a\0c'", [0, 1, 2]],
    ['length(s) = 7', [0]],
    ["starts_with(s, '西') or ends_with(s, 'b')", [0, 2]],
    ["substr(s, 2, 1) = '湖'", [0]],
    ["e = 'click'", [0]],
    ["e != 'nothing of the kind'", [0, 1]],
    ["id = '550E8400-E29B-41D4-A716-446655440000'", [0]],
    ["raw = '西'", [0]],
    ["raw = '\0'", [1]],
    ['contains(tags, 9007199254740993)', [0]],
    ['contains(tags, 9007199254740992)', []],
    ['len(tags) = 0', [1]],
    ['d.os = \'ios\' and d."screen ""size".w = 5', [0]],
    ['d."screen ""size".w is null', [1, 2]],
    ['b', [0]],
    ['not b', [1]],
    ['b = 0', [1]],
    ["text(b) = 'true'", [0]],
    ['lower(upper(s)) = s and trim(s) = s', [0, 2]],
  ];
  for (const [expression, rows] of cases)
    assert.deepEqual(await matches(t, expression), rows, JSON.stringify(expression));
  assert.deepEqual(await matches(t, '', { column: 'tags', op: 'contains', values: ['1'] }), [0]);
  assert.deepEqual(await matches(t, 'b', { column: 's', op: 'contains', values: ["'"] }), []);
  assert.deepEqual(
    await matches(
      t,
      '',
      { column: 's', op: 'in', values: ["O'Hare", 'x'] },
      { column: 'e', op: 'is not null', values: [] },
    ),
    [1],
  );
  assert.equal(compileFilter({ conditions: [], expression: ' ' }, t.columns), 'TRUE');
});

test('every function compiles to SQL that DuckDB knows', async () => {
  const columns: [string, string, LogicalType][] = [
    ['s', 'VARCHAR', { kind: 'string' }],
    ['n', 'DECIMAL(10, 2)', { kind: 'decimal', precision: 10, scale: 2 }],
    ['i', 'INTEGER', int(32)],
    ['ts', 'TIMESTAMP', { kind: 'timestamp', unit: 'us', zoned: false }],
  ];
  const t = await table('every', columns, ["'x', 1.25, 3, '2026-01-01 00:00:00'"]);
  const example = {
    text: 's',
    'text-or-list': 's',
    number: 'n',
    whole: 'i',
    digits: '2',
    float: 'n',
    'date-part': 'ts',
    'clock-part': 'ts',
    'temporal-or-text': 'ts',
    any: 'n',
    same: 'n',
    needle: 's',
  };
  for (const name of functionNames) {
    const args = functionDefinition(name).parameters.map((p) => example[p]);
    assert.deepEqual(await matches(t, `${name}(${args.join(', ')}) is not null`), [0], name);
  }
});

test('hostile names and texts stay one expression', async () => {
  const text = fc
    .oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.constantFrom(
        "' OR 1=1 --",
        "\\'",
        '"; DROP TABLE hostile; --',
        "''",
        '$$',
        '\0',
        "a\0' OR TRUE --",
        '/*',
        '\u2028',
      ),
    )
    .filter((s) => !/\p{Surrogate}/u.test(s));
  const columnName = text.filter((s) => s !== '' && !s.includes('\0') && s.toLowerCase() !== 'row');
  await fc.assert(
    fc.asyncProperty(columnName, text, text, async (name, value, other) => {
      const t = await table(
        'hostile',
        [[name, 'VARCHAR', { kind: 'string' }]],
        [quoteLiteral(value), quoteLiteral(other)],
      );
      const equal = value === other ? [0, 1] : [0];
      assert.deepEqual(await matches(t, '', { column: name, op: '=', values: [value] }), equal);
      const written = printExpression({ kind: 'name', path: [name], range: { start: 0, end: 0 } });
      assert.deepEqual(await matches(t, `${written} in ('${value.replaceAll("'", "''")}')`), equal);
      assert.deepEqual(await matches(t, `not ${written} != '${value.replaceAll("'", "''")}' and true`), equal);
    }),
    { numRuns: 60 },
  );
});

// A second implementation of SQL's three-valued logic to compare with DuckDB; null means unknown.
type Value = bigint | string | boolean | null;
interface Row {
  readonly n: bigint | null;
  readonly m: bigint | null;
  readonly s: string | null;
  readonly b: boolean | null;
}

function evaluate(e: Expression, row: Row): Value {
  const of = (o: Expression): Value => evaluate(o, row);
  const flip = (v: Value, negated: boolean): Value => (v === null ? null : negated ? !v : v);
  const all = (values: Value[]): Value => (values.includes(false) ? false : values.includes(null) ? null : true);
  const any = (values: Value[]): Value => (values.includes(true) ? true : values.includes(null) ? null : false);
  const compare = (op: string, a: Value, b: Value): Value => {
    if (a === null || b === null) return null;
    const [x, y] =
      typeof a === 'string' ? [Buffer.from(a).toString('hex'), Buffer.from(String(b)).toString('hex')] : [a, b];
    return { '=': x === y, '!=': x !== y, '<': x < y, '<=': x <= y, '>': x > y, '>=': x >= y }[op] ?? null;
  };
  switch (e.kind) {
    case 'number':
      return BigInt(e.text);
    case 'string':
    case 'boolean':
      return e.value;
    case 'name':
      return row[e.path[0] as keyof Row];
    case 'not':
      return flip(of(e.operand), true);
    case 'and':
      return all(e.operands.map(of));
    case 'or':
      return any(e.operands.map(of));
    case 'compare':
      return compare(e.op, of(e.left), of(e.right));
    case 'in':
      return flip(any(e.list.map((item) => compare('=', of(e.operand), of(item)))), e.negated);
    case 'between':
      return flip(all([compare('>=', of(e.operand), of(e.low)), compare('<=', of(e.operand), of(e.high))]), e.negated);
    case 'is-null':
      return (of(e.operand) === null) !== e.negated;
    case 'arithmetic': {
      const [a, b] = [of(e.left), of(e.right)];
      if (typeof a !== 'bigint' || typeof b !== 'bigint') return null;
      return e.op === '+' ? a + b : e.op === '-' ? a - b : b === 0n ? null : a % b;
    }
    default:
      throw new Error(e.kind);
  }
}

test('filters keep exactly the rows that a reference evaluation keeps', async () => {
  const range = { start: 0, end: 0 };
  const big = fc.constantFrom(0n, 1n, 2n, 9007199254740992n, 9007199254740993n, 9223372036854775807n);
  const text = fc.constantFrom('', 'a', 'A', '杭州', "x'y", '10', '9');
  const column = (name: string) => fc.constant<Expression>({ kind: 'name', path: [name], range });
  const number: fc.Arbitrary<Expression> = fc.oneof(
    column('n'),
    column('m'),
    big.map((v): Expression => ({ kind: 'number', text: String(v), range })),
  );
  const sum = fc.oneof(
    number,
    fc
      .tuple(fc.constantFrom('+' as const, '-' as const, '%' as const), number, number)
      .map(([op, left, right]): Expression => ({ kind: 'arithmetic', op, left, right, range })),
  );
  const string = fc.oneof(
    column('s'),
    text.map((value): Expression => ({ kind: 'string', value, range })),
  );
  const op = fc.constantFrom('=' as const, '!=' as const, '<' as const, '<=' as const, '>' as const, '>=' as const);
  const side = fc.oneof(fc.tuple(sum, sum, sum), fc.tuple(string, string, string));
  const condition = fc.letrec<{ e: Expression }>((tie) => ({
    e: fc.oneof(
      { maxDepth: 4 },
      column('b'),
      fc.tuple(op, side).map(([o, [left, right]]): Expression => ({ kind: 'compare', op: o, left, right, range })),
      fc
        .tuple(side, fc.boolean())
        .map(([[operand, ...list], negated]): Expression => ({ kind: 'in', operand, list, negated, range })),
      fc.tuple(side, fc.boolean()).map(([[operand, low, high], negated]): Expression => ({
        kind: 'between',
        operand,
        low,
        high,
        negated,
        range,
      })),
      fc
        .tuple(fc.oneof(number, string), fc.boolean())
        .map(([operand, negated]): Expression => ({ kind: 'is-null', operand, negated, range })),
      tie('e').map((operand): Expression => ({ kind: 'not', operand, range })),
      fc
        .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('e'), { minLength: 2, maxLength: 3 }))
        .map(([kind, operands]): Expression => ({ kind, operands, range })),
    ),
  })).e;
  const rows: Row[] = [];
  const values = {
    n: [null, 0n, 9007199254740993n],
    m: [null, 9007199254740992n, 1n, -3n],
    s: [null, 'a', '杭州', '10'],
    b: [null, true, false],
  } as const;
  for (const n of values.n)
    for (const m of values.m) for (const s of values.s) for (const b of values.b) rows.push({ n, m, s, b });
  const literal = (v: Value): string => (v === null ? 'NULL' : typeof v === 'string' ? quoteLiteral(v) : String(v));
  const t = await table(
    'reference',
    [
      ['n', 'BIGINT', int(64)],
      ['m', 'BIGINT', int(64)],
      ['s', 'VARCHAR', { kind: 'string' }],
      ['b', 'BOOLEAN', { kind: 'boolean' }],
    ],
    rows.map((r) => [r.n, r.m, r.s, r.b].map(literal).join(', ')),
  );
  await fc.assert(
    fc.asyncProperty(condition, async (e) => {
      const expected = rows.flatMap((row, i) => (evaluate(e, row) === true ? [i] : []));
      assert.deepEqual(await matches(t, printExpression(e)), expected, printExpression(e));
    }),
    { numRuns: 300 },
  );
});
