import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { render } from '../../src/core/message/message.ts';
import { everything } from '../../src/core/table/filter.ts';
import { typeName } from '../../src/core/table/type.ts';
import type { Column } from '../../src/engine/ipc/column.ts';
import { isValid } from '../../src/engine/ipc/column.ts';
import { IpcFile } from '../../src/engine/ipc/ipcFile.ts';
import { flatBuffer, type FlatNode } from './flatBuffer.ts';
import { arrow, engine, failureOf, file, folder, opened, parquet, ref, texts } from './fixture.ts';

const fixtures = join(import.meta.dirname, '../fixtures/arrow');

/** A copy of a file that pyarrow wrote (test/fixtures/arrow/make.py). */
function fixture(name: string): string {
  const path = join(folder, name);
  copyFileSync(join(fixtures, name), path);
  return path;
}

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
  ['uuid.arrow', [['30313233343536373839616263646566'], [null]]],
  ['legacy.arrow', [['1'], ['2']]],
  ['narrow.arrow', [['1970-01-01 00:00:00+00'], ['2025-11-20 08:30:00.123456+00'], [null]]],
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

test('names that occur twice, or are empty, are made unique, and that is said', async () => {
  const { columns, notices } = await opened(fixture('names.arrow'));
  assert.deepEqual(
    columns.map(({ name }) => name),
    ['a', 'A_1', 'column2', 'a_2', 'select "x"'],
  );
  assert.deepEqual(
    notices.map(({ code }) => code),
    ['types-differ', 'types-differ'],
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

const broken: [name: string, code: string, column: string | undefined, said: RegExp][] = [
  ['bad-utf8.arrow', 'corrupt', 't', /not valid UTF-8/],
  ['bad-offsets.arrow', 'corrupt', 't', /offsets do not ascend/],
  ['bad-end.arrow', 'corrupt', 't', /an offset is outside of the data/],
  ['bad-index.arrow', 'corrupt', 'w', /an index is 2, but its dictionary has 2 values/],
  ['bad-decimal.arrow', 'corrupt', 'd', /more than 5 digits/],
  ['bad-nulls.arrow', 'corrupt', 'n', /2 NULLs, but its batch says 1/],
  ['version-1.feather', 'unsupported', undefined, /Feather version 1/],
  ['no-columns.arrow', 'unsupported', undefined, /no columns/],
];
for (const [name, code, column, said] of broken) {
  test(`damage that only the bytes show is named with file, batch and column: ${name}`, async () => {
    const path = fixture(name);
    const failure = await failureOf(opened(path));
    assert.deepEqual([failure.code, failure.place?.path, failure.place?.column], [code, path, column]);
    assert.match(render(failure.message), said);
  });
}

test('a file named as Arrow that holds something else is named with its content', async () => {
  const bytes = readFileSync(await parquet('other.parquet', 'SELECT 1 AS a'));
  for (const [name, content, said] of [
    ['parquet.arrow', bytes, /\.arrow, but its content is Parquet/],
    ['csv.feather', 'a,b\n1,2\n', /\.feather, but its content is CSV/],
    ['zeros.ipc', Buffer.alloc(100), /starts with the bytes 00 00 00 00 00 00/],
    ['arrow.csv', readFileSync(join(fixtures, 'same-none.arrow')), /\.csv, but its content is Arrow\/Feather/],
    ['stream.csv', readFileSync(join(fixtures, 'same-none.arrows')), /\.csv, but its content is Arrow stream/],
  ] as const) {
    const failure = await failureOf(opened(file(name, content)));
    assert.equal(failure.code, 'wrong-format', name);
    assert.match(render(failure.message), said);
  }
  const failure = await failureOf(opened(file('packed.arrow.gz', 'x')));
  assert.equal(failure.code, 'unsupported');
  assert.match(failure.advice ? render(failure.advice) : '', /Decompress the file first/);
});

/** Values as texts, to compare columns. */
function values(column: Column): unknown[] {
  return Array.from({ length: column.count }, (_, k) => {
    if (!isValid(column.valid, k)) return null;
    if (column.kind === 'struct') return column.fields.map((field) => values(field)[k]);
    if (column.kind === 'fixed')
      return Buffer.from(column.data.subarray(k * column.width, (k + 1) * column.width)).toString('hex');
    const [from, length] = [column.starts[k] ?? 0, column.lengths[k] ?? 0];
    return column.kind === 'bytes'
      ? Buffer.from(column.data.subarray(from, from + length)).toString('hex')
      : values(column.items).slice(from, from + length);
  });
}

async function read(path: string, limits?: Parameters<typeof IpcFile.open>[2]): Promise<unknown[][]> {
  const source = { path, realPath: path, bytes: readFileSync(path).length, modified: 0, partition: {} };
  const layout = await IpcFile.layout(source, {});
  const reader = await IpcFile.open(source, folder, limits);
  const rows: unknown[][] = layout.schema.fields.map(() => []);
  try {
    for await (const { columns } of reader.slices(layout, [...layout.schema.fields.keys()]))
      columns.forEach((column, k) => rows[k]?.push(...values(column)));
  } finally {
    await reader.close();
  }
  return rows;
}

test('buffers read from files, and slices of few rows, give the same values', async () => {
  const little = { sliceRows: 3, sliceBytes: 400, maxBytes: 1 << 20, bufferBytes: 8 };
  for (const name of [...all.filter((one) => !one.endsWith('feather')), 'views.arrow', 'delta.arrows'])
    assert.deepEqual(await read(join(fixtures, name), little), await read(join(fixtures, name)), name);
});

test('a row, or a dictionary, that does not fit into memory is refused', async () => {
  const limits = { sliceRows: 3, sliceBytes: 10, maxBytes: 40, bufferBytes: 1 << 20 };
  for (const [name, said] of [
    ['views.arrow', /a row of more than/],
    ['types-none.arrow', /dictionaries of more than/],
  ] as const) {
    const failure = await failureOf(read(join(fixtures, name), limits));
    assert.deepEqual([failure.code, failure.place?.path], ['unsupported', join(fixtures, name)]);
    assert.match(render(failure.message), said);
  }
});

/** Answers and clear failures are fine; another error, a hang or a crash is not. */
async function answers(path: string): Promise<string> {
  try {
    await read(path);
    return 'read';
  } catch (error) {
    return (await failureOf(Promise.reject(error as Error))).code;
  }
}

for (const name of ['same-lz4.arrow', 'same-zstd.arrows', 'plain.arrow', 'delta.arrows', 'views.arrow']) {
  test(`any flipped bits of ${name} give an answer or a clear failure`, async () => {
    const bytes = readFileSync(join(fixtures, name));
    const found = new Set<string>();
    for (let at = 0; at < bytes.length; at++) {
      for (const mask of at % 3 === 0 ? [0xff, 0x80] : [0x01 << (at % 8)]) {
        const copy = Buffer.from(bytes);
        copy[at] = (copy[at] ?? 0) ^ mask;
        found.add(await answers(file('flipped.arrow', copy)));
      }
    }
    assert.deepEqual(
      [...found].filter((one) => !['read', 'corrupt', 'truncated', 'unsupported'].includes(one)),
      [],
    );
    assert.ok(found.has('corrupt'));
  });

  test(`${name} cut off anywhere is refused, or a stream that ends between batches`, async () => {
    const bytes = readFileSync(join(fixtures, name));
    const ends = new Set<number>();
    for (let length = 1; length < bytes.length; length++) {
      const answer = await answers(file('cut.arrow', bytes.subarray(0, length)));
      if (answer === 'read') ends.add(length);
      else assert.ok(['corrupt', 'truncated'].includes(answer), `${length}: ${answer}`);
    }
    // At most 4 bytes of the next message cannot be told from the end of a stream.
    assert.ok(ends.size <= (name.endsWith('s') ? 8 * 4 : 0), [...ends].join(', '));
  });
}

test('a length that no file can have is refused before memory is taken', async () => {
  const bytes = readFileSync(join(fixtures, 'same-lz4.arrow'));
  const footer = Buffer.from(bytes);
  for (const length of [0x7fffffff, -1, 0]) {
    footer.writeInt32LE(length, bytes.length - 10);
    assert.equal(await answers(file('footer.arrow', footer)), 'corrupt', String(length));
  }
  // The first compressed buffer begins with its length after decompression.
  const at = bytes.indexOf(Buffer.from('04224d18', 'hex')) - 8;
  for (const size of [2n ** 40n, -2n, 2n ** 63n - 1n]) {
    const copy = Buffer.from(bytes);
    copy.writeBigInt64LE(size, at);
    assert.equal(await answers(file('size.arrow', copy)), 'corrupt', String(size));
  }
});

/** A stream that consists of a schema. */
function schemaStream(schema: FlatNode, version = 4): Buffer {
  const short = Buffer.from([version, 0]);
  const metadata = flatBuffer({ 0: short, 1: Buffer.from([1]), 2: { table: schema }, 3: Buffer.alloc(8) });
  const head = Buffer.alloc(8, 0xff);
  head.writeInt32LE(metadata.length, 4);
  return Buffer.concat([head, metadata]);
}

test('big-endian data, other versions and types that nest or repeat without end are refused at once', async () => {
  const said = async (bytes: Buffer): Promise<string> => {
    const { code, message } = await failureOf(read(file('made.arrows', bytes)));
    return `${code}: ${render(message)}`;
  };
  const field: FlatNode = { 2: Buffer.from([2]), 3: { table: { 0: Buffer.from([64, 0, 0, 0]), 1: Buffer.from([1]) } } };
  assert.equal(await answers(file('made.arrows', schemaStream({ 1: { list: field, times: 3 } }))), 'read');
  assert.match(await said(schemaStream({ 0: Buffer.from([1, 0]) })), /^unsupported: .*big-endian/);
  for (const version of [0, 2, 5, 200])
    assert.match(await said(schemaStream({}, version)), /^unsupported: .*of the Arrow format/);
  let deep = field;
  for (let k = 0; k < 100; k++) deep = { 2: Buffer.from([13]), 3: { table: {} }, 5: { list: deep, times: 1 } };
  assert.match(await said(schemaStream({ 1: { list: deep, times: 1 } })), /^unsupported: .*nested more than 64 levels/);
  let wide = field;
  for (let k = 0; k < 30; k++) wide = { 2: Buffer.from([13]), 3: { table: {} }, 5: { list: wide, times: 4 } };
  assert.match(await said(schemaStream({ 1: { list: wide, times: 4 } })), /^corrupt: .*metadata/);
  assert.match(
    await said(schemaStream({ 1: { list: { 2: Buffer.from([99]), 3: { table: {} } }, times: 1 } })),
    /^unsupported: .*number 99/,
  );
});

test('other bytes after the end of a stream are not lost silently, zeros are padding', async () => {
  const stream = readFileSync(join(fixtures, 'same-none.arrows'));
  assert.equal(await answers(file('padded.arrows', Buffer.concat([stream, Buffer.alloc(64)]))), 'read');
  assert.equal(await answers(file('twice.arrows', Buffer.concat([stream, stream]))), 'corrupt');
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

test('every fixture is used', () => {
  const source = readFileSync(join(import.meta.dirname, 'arrow.test.ts'), 'utf8');
  const unused = readdirSync(fixtures).filter(
    (name) => !source.includes(name) && !/^(make\.py|(types|same)-)/.test(name) && name !== 'nulls.arrow',
  );
  assert.deepEqual(unused, []);
});
