import './twoThreads.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { everything } from '../../src/core/table/filter.ts';
import { typeName } from '../../src/core/table/type.ts';
import { engine, file, opened, parquet, ref, texts } from './fixture.ts';

test('every Parquet type comes out digit for digit', async () => {
  const cases: [sql: string, type: string, text: string][] = [
    ["CAST('9223372036854775807' AS BIGINT)", 'int64', '9223372036854775807'],
    ["CAST('18446744073709551615' AS UBIGINT)", 'uint64', '18446744073709551615'],
    ["CAST('12345678901234567890.1234567890' AS DECIMAL(38,10))", 'decimal(38, 10)', '12345678901234567890.1234567890'],
    ['CAST(4294967295 AS UINTEGER)', 'uint32', '4294967295'],
    ['CAST(-128 AS TINYINT)', 'int8', '-128'],
    ["CAST('0.1' AS FLOAT)", 'float', '0.1'],
    ["CAST('0.1' AS DOUBLE)", 'double', '0.1'],
    ["CAST('nan' AS DOUBLE)", 'double', 'NaN'],
    ["CAST('-inf' AS DOUBLE)", 'double', '-Infinity'],
    ["TIMESTAMP_NS '2026-11-20 01:02:03.123456789'", 'timestamp[ns]', '2026-11-20 01:02:03.123456789'],
    ["TIMESTAMPTZ '2026-11-20 08:00:00.5+08'", 'timestamp[µs, UTC]', '2026-11-20 00:00:00.5+00'],
    ["DATE '0001-01-01'", 'date', '0001-01-01'],
    ["'\\x00\\xff'::BLOB", 'binary', '00ff'],
    ['true', 'boolean', 'true'],
    ["'a' || chr(0) || '漢'", 'string', 'a\0漢'],
    ["[CAST('0.1' AS FLOAT), NULL, CAST('nan' AS FLOAT)]", 'list<float>', '[0.1,null,"nan"]'],
    [
      "{'a': 9007199254740993, 'b\"x': CAST('1.10' AS DECIMAL(38, 20)), 'c': [DATE '2026-01-01']}",
      'struct<a: int64, b"x: decimal(38, 20), c: list<date>>',
      '{"a":9007199254740993,"b\\"x":1.10000000000000000000,"c":["2026-01-01"]}',
    ],
    ["MAP {'k''\"': 9007199254740993, 'z': NULL}", 'map<string, int64>', '{"k\'\\"":9007199254740993,"z":null}'],
    ['[[1, 2], [], NULL]', 'list<list<int32>>', '[[1,2],[],null]'],
    ['NULL::INTEGER[]', 'list<int32>', 'null'],
  ];
  const path = await parquet('types.parquet', `SELECT ${cases.map(([sql], k) => `${sql} AS c${k}`).join(', ')}`);
  const { columns } = await opened(path);
  assert.deepEqual(
    columns.map((c) => typeName(c.type)),
    cases.map(([, type]) => type),
  );
  const { cells } = await texts(path);
  assert.deepEqual(
    cells[0]?.map(String),
    cases.map(([, , text]) => text),
  );
  const copied = await engine.call('copy', {
    ref: ref(path),
    view: everything,
    first: 0,
    count: 1,
    columns: cases.map((_, k) => k),
    headers: false,
    format: 'json',
  });
  // The JSON has numbers with all their digits.
  assert.match(copied.text, /"c0": 9223372036854775807,.*"c2": 12345678901234567890\.1234567890/);
});

test('a text column gets a type only if every value keeps its value', async () => {
  const cases: [name: string, values: string[], type: string][] = [
    ['plain', ['1', '-2', '9223372036854775807'], 'int64'],
    ['unsigned', ['1', '18446744073709551615'], 'uint64'],
    ['huge', ['1', '18446744073709551616'], 'string'],
    ['zeros', ['7', '007'], 'string'],
    ['plus', ['+1', '2'], 'string'],
    ['double', ['0.029411764705882353', '1'], 'double'],
    ['trailing', ['1.50', '0.10'], 'double'],
    ['lossy', ['0.10000000000000000555', '1'], 'string'],
    ['mixedbig', ['9007199254740993', '0.5'], 'string'],
    ['spaces', [' 1', '2'], 'string'],
    ['dates', ['2026-02-28', '2024-02-29'], 'date'],
    ['nodate', ['2026-02-30', '2024-02-29'], 'string'],
    ['stamps', ['2026-11-20 10:00:00', '2026-11-20T10:00:00.120'], 'timestamp[µs]'],
    ['zoned', ['2019-11-24 00:03:13.442536+00:00', '2019-11-24T00:03:13Z'], 'timestamp[µs, UTC]'],
    ['offset', ['2019-11-24 00:03:13+08:00', '2019-11-24 00:03:13+08:00'], 'string'],
    ['nanos', ['2019-11-24 00:03:13.123456789', '2019-11-24 00:03:13.1234567'], 'timestamp[ns]'],
    ['truth', ['true', 'false'], 'boolean'],
    ['truths', ['True', 'FALSE', 'true'], 'boolean'],
    ['yes', ['yes', 'true'], 'string'],
  ];
  const path = file(
    'infer.csv',
    [
      cases.map(([name]) => name).join(','),
      ...[0, 1, 2].map((r) => cases.map(([, values]) => values[r] ?? '').join(',')),
    ].join('\n'),
  );
  const { columns, notices } = await opened(path);
  assert.deepEqual(
    columns.map((c) => [c.name, typeName(c.type)]),
    cases.map(([name, , type]) => [name, type]),
  );
  assert.deepEqual(
    notices.map((n) => [n.code, n.message.args?.[0]]),
    [
      ['ids-as-text', 'huge'],
      ['ids-as-text', 'zeros'],
      ['ids-as-text', 'plus'],
    ],
  );
});

test('each of 2,000 columns has the type of its own values', async () => {
  const kinds = [
    ['5', 'int64'],
    ['x', 'string'],
    ['007', 'string'],
    ['0.5', 'double'],
    ['', 'string'],
  ] as const;
  const cases = Array.from({ length: 2_000 }, (_, k) => [`c${k}`, ...(kinds[k % kinds.length] ?? kinds[0])] as const);
  const { columns, notices } = await opened(
    file('wide.csv', `${cases.map(([name]) => name).join(',')}\n${cases.map(([, value]) => value).join(',')}\n`),
  );
  assert.deepEqual(
    columns.map((c) => [c.name, typeName(c.type)]),
    cases.map(([name, , type]) => [name, type]),
  );
  assert.deepEqual(
    notices.map((n) => n.message.args?.[0]),
    cases.filter(([, value]) => value === '007').map(([name]) => name),
  );
});

test('a value far below the head of a file decides the type too', async () => {
  const lines = Array.from({ length: 60_000 }, (_, k) => `${k},${'x'.repeat(20)}`);
  lines[59_000] = `00${lines[59_000] ?? ''}`;
  const path = file('late.csv', `id,text\n${lines.join('\n')}\n`);
  const first = await engine.call('open', { ref: ref(path) });
  assert.deepEqual([first.rows, typeName(first.columns[0]?.type ?? { kind: 'other', name: 'none' })], [null, 'int64']);
  const settled = await engine.call('settle', { ref: ref(path) });
  assert.deepEqual(
    [settled.rows, typeName(settled.columns[0]?.type ?? { kind: 'other', name: 'none' })],
    [60_000, 'string'],
  );
  assert.deepEqual((await texts(path, everything, 58_999, 2)).cells, [
    ['58999', 'x'.repeat(20)],
    ['0059000', 'x'.repeat(20)],
  ]);
});

const cell = fc.oneof(
  fc.constant(null),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom('', '"', 'a,b', 'x\ny', '\r', '\r\n', ' "q" ', "'", '\0', '\\', '7', '007', '1.0', 'true'),
);

test('any table written as CSV is read back unchanged', async () => {
  let serial = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 12 }), async (rows) => {
      const line = (r: readonly (string | null)[]): string =>
        r.map((v) => (v === null ? '' : `"${v.replaceAll('"', '""')}"`)).join(',');
      const path = file(
        `any-${serial++}.csv`,
        `a,b,text\n${rows.map((r) => line([...r.slice(0, 2), `t${r[2] ?? ''}`])).join('\n')}\n`,
      );
      const { cells } = await texts(path);
      assert.deepEqual(
        cells.map((r) => r.slice(2)),
        rows.map((r) => [`t${r[2] ?? ''}`]),
      );
      assert.deepEqual(
        cells.map((r) => r.map((v) => v === null)),
        rows.map((r) => [r[0] === null, r[1] === null, false]),
      );
      await engine.call('close', { id: path });
    }),
    { numRuns: 40, seed: 7 },
  );
});

test('any JSON values come back exactly, numbers with the digits of the file', async () => {
  const path = file(
    'values.jsonl',
    [
      '{"id": 9007199254740993, "big": 123456789012345678901234567890, "s": "a\\u4e2d\\n\\"q\\"", "n": {"x": [1.10, 2e400]}, "d": 0.1}',
      '{ "d" : 1e2 , "id":-1,"s":"","n":[],"big":null, "none": null, "late": true }',
    ].join('\r\n'),
  );
  const { columns } = await opened(path);
  assert.deepEqual(
    columns.map((c) => `${c.name}: ${typeName(c.type)}${c.hasValues === false ? ' without values' : ''}`),
    ['id: int64', 'big: string', 's: string', 'n: json', 'd: double', 'none: string without values', 'late: boolean'],
  );
  assert.deepEqual((await texts(path)).cells, [
    ['9007199254740993', '123456789012345678901234567890', 'a中\n"q"', '{"x": [1.10, 2e400]}', '0.1', null, null],
    ['-1', null, '', '[]', '100', null, 'true'],
  ]);
});

test('arrays of one type are lists with exact elements; other arrays keep their text', async () => {
  const lists = {
    ids: ['[9007199254740993, -9223372036854775808,null]', '[ ]', 'null'],
    unsigned: ['[18446744073709551615]', '[0]', '[9007199254740993]'],
    flags: ['[true, false]', '[]', '[null]'],
    texts: ['["a\\u4e2d\\n\\"q\\"", "", "null", null]', '["1, 2"]', '[]'],
    doubles: ['[0.1, 2, 1e-05]', '[1.50, 0.10000000000000001]', '[0.30000000000000004, 1e2]'],
    empty: ['[]', '[null]', '[]'],
  };
  const unchanged = {
    late: ['[1]', '[2]', '["three"]'],
    mixed: ['[1, "1"]', '[1]', '[]'],
    nested: ['[[1]]', '[]', '[]'],
    object: ['{"x": [1]}', '{}', '[]'],
    digits: ['[0.10000000000000000001]', '[1]', '[]'],
    large: ['[18446744073709551616]', '[1]', '[]'],
    tiny: ['[1e-400]', '[1.5]', '[]'],
    ids_or_doubles: ['[9007199254740993]', '[0.5]', '[]'],
    below: ['[18446744073709551615]', '[-1]', '[]'],
    half: ['["\\ud800"]', '["a"]', '[]'],
  };
  const entries = Object.entries({ ...lists, ...unchanged });
  const line = (row: number): string => `{${entries.map(([name, values]) => `"${name}": ${values[row]}`).join(', ')}}`;
  const path = file('arrays.jsonl', [0, 1, 2].map(line).join('\n'));
  const dataset = await opened(path);
  const { cells } = await texts(path);
  assert.deepEqual(
    Object.fromEntries(
      dataset.columns.map(({ name, type }, k) => [name, [typeName(type), ...cells.map((row) => row[k])]]),
    ),
    {
      ids: ['list<int64>', '[9007199254740993,-9223372036854775808,null]', '[]', null],
      unsigned: ['list<uint64>', '[18446744073709551615]', '[0]', '[9007199254740993]'],
      flags: ['list<boolean>', '[true,false]', '[]', '[null]'],
      texts: ['list<string>', '["a中\\n\\"q\\"","","null",null]', '["1, 2"]', '[]'],
      doubles: ['list<double>', '[0.1,2.0,1e-05]', '[1.5,0.1]', '[0.30000000000000004,100.0]'],
      empty: ['list<string>', '[]', '[null]', '[]'],
      ...Object.fromEntries(Object.entries(unchanged).map(([name, values]) => [name, ['json', ...values]])),
    },
  );
});
