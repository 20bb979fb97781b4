import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  DateDay,
  Dictionary,
  Field,
  Int32,
  List,
  makeData,
  Map_,
  Struct,
  Table,
  tableToIPC,
  Vector,
} from 'apache-arrow';
import { render } from '../../src/core/message/message.ts';
import { everything } from '../../src/core/table/filter.ts';
import { typeName } from '../../src/core/table/type.ts';
import { fixture, fixtures, read } from './arrowFixture.ts';
import { arrow, engine, failureOf, file, folder, opened, parquet, ref, texts } from './fixture.ts';

const typed = async (name: string): Promise<(readonly [string, string])[]> =>
  (await opened(fixture(name))).columns.map((column) => [column.name, typeName(column.type)] as const);

const codecs = ['none', 'lz4', 'zstd'] as const;
const all = codecs.flatMap((codec) => ['arrow', 'arrows', 'feather'].map((ending) => `types-${codec}.${ending}`));
for (const name of [...all, 'types-v4.arrow']) {
  test(`${name} has the types and values of the same table in Parquet`, async () => {
    const types = await typed(name);
    assert.deepEqual(types, await typed('types.parquet'));
    const [own, other] = [join(folder, name), join(folder, 'types.parquet')];
    assert.deepEqual((await texts(own)).cells, (await texts(other)).cells);
    const digest = async (path: string): Promise<unknown> =>
      await engine.call('digest', { ref: ref(path), view: everything, columns: [...types.keys()] });
    assert.deepEqual(await digest(own), await digest(other));
    const sorted = { ...everything, sort: [{ column: 'i64', descending: true }] };
    assert.deepEqual((await texts(own, sorted)).rows, (await texts(other, sorted)).rows);
  });
}

const exact: [name: string, cells: (string | null)[][]][] = [
  [
    'decimals.arrow',
    [
      ['-1.5', '-1.5'],
      [null, null],
    ],
  ],
  ['uuid.arrow', [['30313233-3435-3637-3839-616263646566'], [null]]],
  ['legacy.arrow', [['1'], ['2']]],
  ['narrow.arrow', [['1969-12-31 23:59:59.999999+00'], ['2025-11-20 08:30:00.123456+00'], [null]]],
  ['no-batch.arrow', []],
  ['no-batch.arrows', []],
  ['delta.arrows', [['a'], ['b'], [null], ['c'], ['a'], ['d'], [null], ['b']]],
  ['delta.arrow', [['a'], ['b'], [null], ['c'], ['a'], ['d'], [null], ['b']]],
  ['replaced.arrows', [['a'], ['b'], ['x'], ['x'], [null]]],
];
for (const [name, cells] of exact) {
  test(`${name} is read exactly`, async () => {
    assert.deepEqual((await texts(fixture(name))).cells, cells);
  });
}

test('an infinite date, as we write it, is read like that of Parquet', async () => {
  const select = "SELECT unnest([DATE 'infinity', DATE '-infinity', DATE '2026-11-20', NULL]) AS day";
  const [own, other] = [await arrow('infinite.arrow', select), await parquet('infinite.parquet', select)];
  const cells = [['infinity'], ['-infinity'], ['2026-11-20'], [null]];
  assert.deepEqual((await texts(own)).cells, cells);
  assert.deepEqual((await texts(other)).cells, cells);
  const digest = async (path: string): Promise<unknown> =>
    await engine.call('digest', { ref: ref(path), view: everything, columns: [0] });
  assert.deepEqual(await digest(own), await digest(other));
});

/** A file with a number, a day, and the same day in a list and in a dictionary. */
function daysFile(name: string, days: Int32Array): string {
  const [type, length] = [new DateDay(), days.length];
  const day = makeData({ type, length, nullCount: 0, data: days });
  const valueOffsets = Int32Array.from({ length: length + 1 }, (_, k) => k);
  const columns = {
    number: makeData({ type: new Int32(), length, nullCount: 0, data: Int32Array.from(days.keys()) }),
    day,
    many: makeData({ type: new List(new Field('item', type)), length, nullCount: 0, valueOffsets, child: day }),
    encoded: makeData({
      type: new Dictionary(type, new Int32()),
      length,
      nullCount: 0,
      data: Int32Array.from(days.keys()),
      dictionary: new Vector([day]),
    }),
  };
  return file(name, Buffer.from(tableToIPC(new Table(columns), 'file')));
}

const dayReason = (column: string): string =>
  `Column ${column} cannot be read: it has the date or time 2147483646, which is out of range`;

test('a date out of range makes its column unreadable at every depth, the others are read', async () => {
  const path = daysFile('beyond.arrow', Int32Array.of(1, 2 ** 31 - 2));
  const { columns, notices } = await opened(path);
  assert.deepEqual(
    columns.map(({ type }) => type.kind),
    ['integer', 'unreadable', 'unreadable', 'unreadable'],
  );
  assert.deepEqual(
    notices.map(({ message }) => render(message)),
    ['day', 'many', 'encoded'].map(dayReason),
  );
  assert.deepEqual((await texts(path)).cells, [
    ['0', '⊘', '⊘', '⊘'],
    ['1', '⊘', '⊘', '⊘'],
  ]);
  const failure = await failureOf(engine.call('digest', { ref: ref(path), view: everything, columns: [1] }));
  assert.deepEqual([failure.code, render(failure.message)], ['unsupported', dayReason('day')]);
});

test('in a large file, a date out of range fails what reads its column once it is met', async () => {
  const days = new Int32Array(300_000);
  days[299_999] = 2 ** 31 - 2;
  const path = daysFile('late-beyond.arrow', days);
  const request = { ref: ref(path), view: everything };
  const { columns } = await engine.call('open', { ref: ref(path) });
  assert.equal(columns[1]?.type.kind, 'date');
  for (const call of [
    () => engine.call('page', { ...request, columns: [0, 1], first: 299_999, count: 1 }),
    () => engine.call('digest', { ...request, columns: [1] }),
  ]) {
    const failure = await failureOf(call());
    assert.deepEqual([failure.code, render(failure.message)], ['unsupported', dayReason('day')]);
  }
  const settled = await engine.call('settle', { ref: ref(path) });
  assert.deepEqual(
    settled.notices.map(({ message }) => render(message)).sort(),
    ['day', 'encoded', 'many'].map(dayReason),
  );
  assert.deepEqual((await texts(path, everything, 299_999, 1)).cells, [['299999', '⊘', '⊘', '⊘']]);
});

test('a map without values is not read, the other columns are', async () => {
  const key = makeData({ type: new Int32(), length: 1, nullCount: 0, data: Int32Array.of(7) });
  const entries = new Struct([new Field('key', new Int32())]);
  const keys = makeData({
    // Its type demands values, its code does not.
    type: new Map_(new Field('entries', entries) as ConstructorParameters<typeof Map_>[0]),
    length: 1,
    nullCount: 0,
    valueOffsets: Int32Array.of(0, 1),
    child: makeData({ type: entries, length: 1, nullCount: 0, children: [key] }),
  });
  const path = file('keys.arrow', Buffer.from(tableToIPC(new Table({ key, keys }), 'file')));
  const { notices } = await opened(path);
  assert.deepEqual(
    notices.map(({ message }) => render(message)),
    ['Column keys cannot be read: the Arrow type map<int32> has no exact counterpart'],
  );
  assert.deepEqual((await texts(path)).cells, [['7', '⊘']]);
});

test('texts and binaries whose values have a place each are read exactly', async () => {
  const { cells } = await texts(fixture('views.arrow'));
  const long = 'a text of more than twelve bytes\0';
  const own = ['上海 "A"', '', null, 'x', long];
  assert.deepEqual(
    cells.map(([text]) => text),
    [...own, ...own],
  );
  assert.deepEqual(
    cells.slice(0, 3).map(([, bytes]) => bytes),
    ['ff', null, Buffer.from('a binary of more than twelve bytes').toString('hex')],
  );
});

for (const name of ['unequal.arrow', 'unequal.arrows']) {
  test(`batches of any size, cut from a larger table, are read exactly: ${name}`, async () => {
    const { cells } = await texts(fixture(name), everything, 0, 5000);
    const json = (value: unknown): string => JSON.stringify(value);
    assert.deepEqual(
      cells,
      Array.from({ length: 4000 }, (_, k) => [
        String(k),
        k % 7 === 0 ? null : `text ${k}`.repeat(k % 4),
        k % 5 === 0 ? null : json(Array.from({ length: k % 3 }, (__, j) => j)),
        k % 3 === 0 ? null : String(k % 2 === 0),
        k % 11 === 0 ? null : json({ a: k, b: [String(k)] }),
        k % 13 === 0 ? null : json([k, k + 1]),
      ]),
    );
  });
}

test('columns of types without an exact counterpart are refused by name, the other columns are read', async () => {
  const path = fixture('refused.arrow');
  const { columns, notices } = await opened(path);
  const refused = columns.filter(({ type }) => type.kind === 'unreadable');
  assert.deepEqual(
    refused.map(({ name, type }) => [name, typeName(type)]),
    [
      ['union', 'sparse_union<0: int64, 1: string>'],
      ['dense', 'dense_union<0: int64, 1: string>'],
      ['wide', 'decimal256(45, 2)'],
      ['runs', 'run_end_encoded<run_ends: int32, values: int64>'],
      ['month', 'month_day_nano_interval'],
      ['view', 'list_view<int64>'],
      ['within', 'list<decimal256(40, 1)>'],
      ['empty', 'struct<>'],
      ['nul␀name', 'int64'],
    ],
  );
  assert.deepEqual(
    notices.map(({ code }) => code),
    refused.map(() => 'limit'),
  );
  const page = await engine.call('page', { ref: ref(path), view: everything, first: 0, count: 9, columns: [0, 10] });
  assert.equal(page.rows, 2);
  const failure = await failureOf(engine.call('digest', { ref: ref(path), view: everything, columns: [0, 3] }));
  assert.deepEqual([failure.code, failure.place?.column], ['unsupported', 'wide']);
});

test('names that occur twice, or are empty, are made unique, and those that differ in case are not read', async () => {
  const { columns, notices } = await opened(fixture('names.arrow'));
  assert.deepEqual(
    columns.map(({ name }) => name),
    ['a', 'A', 'column2', 'a_1', 'select "x"'],
  );
  assert.deepEqual(
    notices.map(({ code }) => code),
    ['types-differ', 'limit', 'limit'],
  );
});

test('the facts name version, codecs, batches, types and key-value metadata', async () => {
  const { arrow: facts, files } = await engine.call('facts', { ref: ref(fixture('types-zstd.arrow')) });
  assert.equal(files.list[0]?.rows, 5);
  assert.deepEqual(
    [facts?.kind, facts?.version, facts?.codecs, facts?.batches.list.map(({ rows }) => rows)],
    ['file', 'V5', ['zstd'], [2, 2, 1]],
  );
  assert.deepEqual(facts?.keyValues, { total: 1, list: [{ key: 'origin', value: '杭州' }] });
  const types = new Map(facts.columns.list.map(({ name, type }) => [name, type]));
  assert.deepEqual(
    ['word', 'large_list', 'zoned_us', 'map', 'pair'].map((name) => types.get(name)),
    [
      'dictionary<values=string, indices=int32>',
      'large_list<item: string>',
      'timestamp[us, tz=Asia/Shanghai]',
      'map<string, int64>',
      'fixed_size_list<item: float>[2]',
    ].map((type) => type.replace('item: ', '')),
  );
});

test('buffers read from files, and slices of few rows, give the same values', async () => {
  const little = { sliceRows: 3, sliceBytes: 400, maxBytes: 1 << 20, bufferBytes: 8 };
  for (const name of [...all.filter((one) => !one.endsWith('feather')), 'views.arrow', 'delta.arrows'])
    assert.deepEqual(await read(join(fixtures, name), little), await read(join(fixtures, name)), name);
});

test('a large file is shown before it is read whole; then any page, sort, filter and profile is that of Parquet', async () => {
  const select =
    "SELECT i AS id, 'user ' || (i % 1000) AS name, i % 3 = 0 AS flag, [i, i + 1] AS pair, i / 7 AS x FROM range(300000) t(i)";
  const [own, other] = [await arrow('large.arrow', select, 50_000), await parquet('large.parquet', select)];
  const state = await engine.call('open', { ref: ref(own) });
  assert.equal(state.rows, 300_000);
  for (const first of [0, 299_990, 122_870, 50_000]) {
    const wanted = await texts(other, everything, first, 10);
    assert.deepEqual(await texts(own, everything, first, 10), wanted);
  }
  const view = {
    filter: { conditions: [], expression: "flag and name like '%9'" },
    sort: [{ column: 'x', descending: true }],
  };
  assert.deepEqual(await texts(own, view, 100, 20), await texts(other, view, 100, 20));
  const profile = async (path: string): Promise<unknown> =>
    (await engine.call('profile', { ref: ref(path), view, columns: [0, 1, 2, 4] })).columns;
  assert.deepEqual(await profile(own), await profile(other));
});

test('reading is cancelled, reports progress, and notices that the file was changed', async () => {
  const path = await arrow(
    'cancel.arrow',
    'SELECT i AS id, repeat(i::VARCHAR, 20) AS t FROM range(400000) t(i)',
    100_000,
  );
  await engine.call('open', { ref: ref(path) });
  const controller = new AbortController();
  const fractions: (number | null)[] = [];
  const cancelled = engine.call(
    'settle',
    { ref: ref(path) },
    {
      signal: controller.signal,
      progress: ({ fraction }) => {
        fractions.push(fraction);
        controller.abort();
      },
    },
  );
  assert.equal((await failureOf(cancelled)).code, 'cancelled');
  assert.ok(fractions.every((fraction) => fraction !== null && fraction > 0 && fraction <= 1));
  await engine.call('close', { id: path });
  await engine.call('open', { ref: ref(path) });
  copyFileSync(await arrow('other.arrow', 'SELECT 1 AS id'), path);
  assert.equal((await failureOf(engine.call('settle', { ref: ref(path) }))).code, 'changed');
});

test('many files of two schemas are one table in the order of their names', async () => {
  mkdirSync(join(folder, 'runs'));
  for (let k = 0; k < 6; k++)
    await arrow(`runs/${k}.arrow`, k % 3 === 2 ? `SELECT ${k} AS id, 'x' AS more` : `SELECT ${k} AS id`);
  const { cells, rows } = await texts(join(folder, 'runs'));
  assert.deepEqual(rows, [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(cells, [
    ['0', null],
    ['1', null],
    ['2', 'x'],
    ['3', null],
    ['4', null],
    ['5', 'x'],
  ]);
});
