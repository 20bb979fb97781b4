import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { printExpression } from '../../src/core/table/expression/ast.ts';
import { functionDefinition, functionNames } from '../../src/core/table/expression/functions.ts';
import type { LogicalType } from '../../src/core/table/type.ts';
import { compileFilter } from '../../src/engine/sql/filter.ts';
import { quoteLiteral } from '../../src/engine/sql/quote.ts';
import { connection, int, matches, table } from './filterCase.ts';

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
