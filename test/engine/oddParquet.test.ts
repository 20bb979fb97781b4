import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { render } from '../../src/core/message/message.ts';
import { everything, type View } from '../../src/core/table/filter.ts';
import { typeName } from '../../src/core/table/type.ts';
import { Tables } from '../../src/engine/tables/tables.ts';
import { engine, failureOf, folder, opened, ref, texts } from './fixture.ts';

/** A copy of a file that pyarrow wrote (test/fixtures/parquet/make.py). */
function fixture(name: string): string {
  const path = join(folder, `${name}.parquet`);
  copyFileSync(resolve(import.meta.dirname, `../fixtures/parquet/${name}.parquet`), path);
  return path;
}

const where = (expression: string): View => ({ ...everything, filter: { conditions: [], expression } });

const exact: [name: string, types: string[], cells: (string | null)[][]][] = [
  ['float16', ['float'], [['1.5'], ['-2'], ['65504'], ['NaN'], ['Infinity'], [null]]],
  [
    'nested',
    ['list<list<list<list<list<int64>>>>>', 'struct<a: list<struct<b: list<struct<c: int64>>>>>'],
    [
      ['[[[[[9007199254740993,2],null],[]]]]', '{"a":[{"b":[{"c":9007199254740993}]}]}'],
      [null, null],
      ['[]', '{"a":null}'],
      ['[[[[[3]]]]]', '{"a":[]}'],
    ],
  ],
  ['int96', ['timestamp[µs]'], [['2026-11-20 08:30:00.123456'], [null], ['0001-01-01 00:00:00']]],
  [
    'dictionary',
    ['string', 'int64'],
    [
      ['x', '1'],
      ['y', '1'],
      [null, null],
      ['x', '2'],
    ],
  ],
];
for (const [name, types, cells] of exact) {
  test(`Parquet of pyarrow is read exactly: ${name}`, async () => {
    const path = fixture(name);
    assert.deepEqual(
      (await opened(path)).columns.map((c) => typeName(c.type)),
      types,
    );
    assert.deepEqual((await texts(path)).cells, cells);
  });
}

test('decimals of more than 38 digits are refused by column, the other columns are read', async () => {
  const path = fixture('decimal256');
  const { columns, notices } = await opened(path);
  assert.deepEqual(
    columns.map((c) => [c.name, typeName(c.type), c.role]),
    [
      ['id', 'int64', columns[0]?.role],
      ['amount', 'decimal(45, 2)', null],
      ['nested', 'list<… decimal(40, 1) …>', null],
      ['exact', 'decimal(38, 2)', null],
    ],
  );
  assert.deepEqual(
    notices.map((n) => [n.severity, render(n.message)]),
    ['amount', 'nested'].map((name) => [
      'warning',
      `Column ${name} cannot be read: decimals of more than 38 digits would not be exact`,
    ]),
  );
  assert.deepEqual((await texts(path)).cells, [
    ['1', '⊘', '⊘', '1.00'],
    ['2', '⊘', '⊘', '2.50'],
    ['3', '⊘', '⊘', '-3.25'],
  ]);
  assert.deepEqual(
    (await texts(path, { ...where('exact > 0'), sort: [{ column: 'exact', descending: true }] })).cells.map(
      (row) => row[0],
    ),
    ['2', '1'],
  );
  const { columns: profiles } = await engine.call('profile', { ref: ref(path), view: everything, columns: [0, 1, 3] });
  assert.deepEqual(
    profiles.map((p) => [p.name, p.min, p.max, p.top.length]),
    [
      ['id', '1', '3', 3],
      ['amount', null, null, 0],
      ['exact', '-3.25', '2.50', 3],
    ],
  );
});

test('an operation on an unreadable column fails and names the column and the reason', async () => {
  const path = fixture('decimal256');
  await opened(path);
  const request = { ref: ref(path), view: everything, first: 0, count: 2 };
  for (const call of [
    () => texts(path, where('amount > 1')),
    () => texts(path, where('nested is null')),
    () =>
      texts(path, {
        ...everything,
        filter: { conditions: [{ column: 'amount', op: 'is null', values: [] }], expression: '' },
      }),
    () => texts(path, { ...everything, sort: [{ column: 'amount', descending: false }] }),
    () => engine.call('copy', { ...request, columns: [0, 1], headers: true, format: 'csv' }),
    () => engine.call('cell', { ref: ref(path), view: everything, row: 0, column: 1, offset: 0, limit: 10 }),
    () => engine.call('digest', { ref: ref(path), view: everything, columns: [0, 1] }),
  ]) {
    const failure = await failureOf(call());
    assert.match(render(failure.message), /^Column (amount|nested) cannot be read: decimals of more than 38 digits/);
  }
});

test('a config whose data have an unreadable column fails and names the column', async () => {
  const path = fixture('decimal256');
  const tables = await Tables.open([ref(path)], join(folder, 'tables'), { threads: 1, memoryBytes: 1e9 }, {});
  try {
    const relation = tables.table(ref(path)).relation();
    assert.deepEqual(
      await tables.rows(`SELECT sum(id) FROM ${relation}`, {}).then((rows) => String(rows[0]?.[0])),
      '6',
    );
    const failure = await failureOf(tables.rows(`SELECT max(amount) FROM ${relation}`, {}));
    assert.deepEqual(
      [failure.code, render(failure.message), failure.place],
      [
        'unsupported',
        'Column amount cannot be read: decimals of more than 38 digits would not be exact',
        { path, column: 'amount' },
      ],
    );
  } finally {
    await tables.close();
  }
});

test('columns whose names hold NUL are refused, the other columns are read', async () => {
  const path = fixture('nul-names');
  const { columns, notices } = await opened(path);
  assert.deepEqual(
    columns.map((c) => [c.name, c.type.kind]),
    [
      ['a␀b', 'unreadable'],
      ['a', 'integer'],
      ['s', 'unreadable'],
      ['t', 'string'],
    ],
  );
  assert.deepEqual((await texts(path)).cells, [
    ['⊘', '3', '⊘', 'p\0q'],
    ['⊘', '4', '⊘', null],
  ]);
  assert.deepEqual(
    notices.map((n) => n.message.args?.[0]),
    ['a␀b', 's'],
  );
});

test('a footer whose row count differs from its row groups is reported, and the rows are read', async () => {
  const path = fixture('wrong-row-count');
  const { rows, notices } = await opened(path);
  assert.deepEqual(
    [rows, notices.map((n) => [n.severity, render(n.message)])],
    [
      100,
      [
        [
          'warning',
          `${path}: the footer says 0 rows, but the row groups contain 100. The rows of the row groups are read`,
        ],
      ],
    ],
  );
  assert.equal((await texts(path)).cells.length, 100);
});

test('wrong statistics change no row of a filter, and no figure of a profile', async () => {
  const [wrong, none] = [fixture('wrong-statistics'), fixture('no-statistics')];
  for (const expression of [
    'id > 60',
    'id = 99',
    'id in (9, 99)',
    'id between 40 and 80',
    'g = 2',
    'g != 0 and id > 50',
    "s = 'v4'",
    "s > 'v2'",
    's is null',
    'not (id < 70)',
    "s like 'v4%' or id = 77",
  ]) {
    assert.deepEqual(
      (await texts(wrong, where(expression))).cells,
      (await texts(none, where(expression))).cells,
      expression,
    );
    const counts = await Promise.all(
      [wrong, none].map((path) => engine.call('count', { ref: ref(path), view: where(expression) })),
    );
    assert.deepEqual(counts[0], counts[1], expression);
  }
  const [a, b] = await Promise.all(
    [wrong, none].map((path) => engine.call('profile', { ref: ref(path), view: everything, columns: [0, 1, 2] })),
  );
  assert.deepEqual(a?.columns, b?.columns);
  assert.deepEqual(
    a?.columns.map((c) => [c.min, c.max, c.distinct.value]),
    [
      ['0', '99', 100],
      ['0', '2', 3],
      ['v0', 'v4', 5],
    ],
  );
  const tables = await Tables.open([ref(wrong)], join(folder, 'joined'), { threads: 1, memoryBytes: 1e9 }, {});
  try {
    const [row] = await tables.rows(
      `SELECT count(*), count(w.s) FROM ${tables.table(ref(wrong)).relation()} w JOIN (SELECT 70 + range AS id FROM range(20)) USING (id)`,
      {},
    );
    assert.deepEqual(row?.map(Number), [20, 18]);
  } finally {
    await tables.close();
  }
  const digests = await Promise.all(
    [wrong, none].map((path) => engine.call('digest', { ref: ref(path), view: everything, columns: [0, 1, 2] })),
  );
  assert.deepEqual(digests[0], digests[1]);
});
