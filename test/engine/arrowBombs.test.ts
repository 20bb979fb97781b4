import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '../../src/core/message/message.ts';
import { Expansion } from '../../src/engine/files/expansion.ts';
import { IpcFile } from '../../src/engine/ipc/ipcFile.ts';
import { failureOf, file, folder, opened, texts } from './fixture.ts';
import { arrowStream, int32, int64, types } from './arrowStream.ts';

const MAX_ROWS = 2 ** 31 - 1;

const empty = [
  ['NULLs', types.null, [MAX_ROWS], [], '70.9 GB'],
  ['empty structs', types.emptyStruct, [MAX_ROWS], [[0, 0]], '34.4 GB'],
  [
    'lists of no items',
    types.fixedList(types.int64, 0),
    [MAX_ROWS, 0],
    [
      [0, 0],
      [0, 0],
      [0, 0],
    ],
    '70.9 GB',
  ],
  ['lists of NULLs', types.fixedList(types.null, 1000), [MAX_ROWS, MAX_ROWS * 1000], [[0, 0]], '36.6 TB'],
  [
    'run-end encodings',
    types.runEnds,
    [MAX_ROWS, 0, 0],
    [
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
    ],
    '34.4 GB',
  ],
] as const;
for (const [name, type, nodes, buffers, needed] of empty)
  test(`two billion ${name} in some hundred bytes are refused by their number, before a row is made`, async () => {
    const bytes = arrowStream(type, 1, [{ rows: MAX_ROWS, nodes, buffers }]);
    assert.ok(bytes.length < 500);
    const path = file('empty.arrows', bytes);
    const { code, message, place, advice } = await failureOf(opened(path));
    assert.deepEqual([code, place?.path], ['unsupported', path]);
    assert.equal(
      render(message),
      `Reading these files (${bytes.length} B) would take at least ${needed} of memory and disk; the limit for files of this size is 1.07 GB`,
    );
    assert.match(advice ? render(advice) : '', /as Parquet/);
  });

/** Reads a stream with a budget. Returns the failure, and the rows and bytes that were made before. */
async function madeOf(bytes: Buffer, limit: number): Promise<{ said: string; rows: number; left: number }> {
  const path = file('bomb.arrows', bytes);
  const source = { path, realPath: path, bytes: bytes.length, modified: 0, partition: {} };
  const expansion = new Expansion(path, bytes.length, limit);
  const reader = await IpcFile.open(source, folder, expansion);
  let rows = 0;
  try {
    const layout = await IpcFile.layout(source, {});
    const failure = await failureOf(
      (async () => {
        for await (const slice of reader.slices(layout, [...layout.schema.fields.keys()])) rows += slice.rows;
      })(),
    );
    return { said: render(failure.message), rows, left: expansion.left };
  } finally {
    await reader.close();
  }
}

/** What a refusal says that needs at least so much and has a limit of a million bytes. */
const saidFor = (needed: string): RegExp =>
  new RegExp(`would take at least ${needed} of memory and disk; the limit for files of this size is 1\\.00 MB`);
const said = saidFor('1\\.00 MB');

test('a long text that a dictionary repeats is charged for every row', async () => {
  const length = 1000;
  const values = Buffer.concat([offsets(0, length), Buffer.alloc(length, 'a')]);
  const dictionary = {
    dictionary: 1,
    rows: 1,
    nodes: [1],
    buffers: [
      [0, 0],
      [0, 8],
      [8, length],
    ],
    body: values,
  } as const;
  const batch = {
    rows: 5000,
    nodes: [5000],
    buffers: [
      [0, 0],
      [0, 5000],
    ],
    body: Buffer.alloc(5000),
  } as const;
  const bytes = arrowStream(types.encoded(types.text), 1, [dictionary, batch]);
  const { said: text, rows, left } = await madeOf(bytes, 1e6);
  assert.match(text, said);
  assert.ok(rows < 1000 && left >= 0, `${rows} rows, ${left} bytes left`);
});

test('lists that a dictionary repeats are charged with their items, also if these take no bytes', async () => {
  const dictionary = {
    dictionary: 1,
    rows: 1,
    nodes: [1, 1e9],
    buffers: [
      [0, 0],
      [0, 8],
    ],
    body: offsets(0, 1e9),
  } as const;
  const batch = {
    rows: 10,
    nodes: [10],
    buffers: [
      [0, 0],
      [0, 10],
    ],
    body: Buffer.alloc(10),
  } as const;
  const { said: text, rows } = await madeOf(
    arrowStream(types.encoded(types.list(types.null)), 1, [dictionary, batch]),
    1e6,
  );
  assert.match(text, saidFor('17\\.0 GB'));
  assert.equal(rows, 0);
  const small = { ...dictionary, nodes: [1, 1000], body: offsets(0, 1000) } as const;
  const many = {
    rows: 5000,
    nodes: [5000],
    buffers: [
      [0, 0],
      [0, 5000],
    ],
    body: Buffer.alloc(5000),
  } as const;
  const repeated = await madeOf(arrowStream(types.encoded(types.list(types.null)), 1, [small, many]), 1e6);
  assert.match(repeated.said, said);
  assert.ok(repeated.rows < 100, String(repeated.rows));
});

test('lists are refused by the number of their items in the batch, before one is made', async () => {
  const rows = 1000;
  const batch = {
    rows,
    nodes: [rows, 1e9],
    buffers: [
      [0, 0],
      [0, 4 * (rows + 1)],
    ],
    body: Buffer.from(Int32Array.from({ length: rows + 1 }, (_, k) => k * 1e6).buffer),
  } as const;
  const { said: text, rows: made, left } = await madeOf(arrowStream(types.list(types.null), 1, [batch]), 1e6);
  assert.match(text, saidFor('17\\.0 GB'));
  assert.deepEqual([made, left], [0, 1e6]);
});

test('a buffer that many columns share is charged for every column', async () => {
  const [rows, columns] = [1000, 500];
  const buffers = Array.from(
    { length: columns },
    () =>
      [
        [0, 0],
        [0, 8 * rows],
      ] as const,
  ).flat();
  const batch = { rows, nodes: Array.from({ length: columns }, () => rows), buffers, body: Buffer.alloc(8 * rows) };
  const shared = await madeOf(arrowStream(types.int64, columns, [batch]), 1e6);
  assert.match(shared.said, saidFor('4\\.50 MB'));
  assert.equal(shared.rows, 0);
});

test('compressed zeros are charged before they are decompressed', async () => {
  const rows = 1e6;
  const body = Buffer.concat([int64(8 * rows), zstdZeros(8 * rows)]);
  const batch = {
    rows,
    nodes: [rows],
    buffers: [
      [0, 0],
      [0, body.length],
    ],
    body,
    isZstd: true,
  } as const;
  const { said: text, rows: made, left } = await madeOf(arrowStream(types.int64, 1, [batch]), 1e6);
  assert.match(text, saidFor('9\\.00 MB'));
  assert.deepEqual([made, left], [0, 1e6]);
  assert.equal((await opened(file('zeros.arrows', arrowStream(types.int64, 1, [batch])))).rows, rows);
});

test('a text that many views share is charged for every row', async () => {
  const rows = 5000;
  const view = Buffer.concat([int32(1000), Buffer.from('aaaa'), int32(0), int32(0)]);
  const body = Buffer.concat([...Array.from({ length: rows }, () => view), Buffer.alloc(1000, 'a')]);
  const batch = {
    rows,
    nodes: [rows],
    buffers: [
      [0, 0],
      [0, 16 * rows],
      [16 * rows, 1000],
    ],
    body,
    views: 1,
  } as const;
  const { said: text, rows: made } = await madeOf(arrowStream(types.textView, 1, [batch]), 1e6);
  assert.match(text, said);
  assert.ok(made < 1000, String(made));
});

test('a dictionary that grows by one value at a time does not copy itself without end', async () => {
  const value = {
    dictionary: 1,
    rows: 1,
    nodes: [1],
    buffers: [
      [0, 0],
      [0, 8],
      [8, 0],
    ],
    body: offsets(0, 0),
  } as const;
  const first = {
    ...value,
    rows: 20_000,
    nodes: [20_000],
    buffers: [
      [0, 0],
      [0, 80_004],
      [0, 0],
    ],
    body: Buffer.alloc(80_004),
  } as const;
  const more = Array.from({ length: 2000 }, () => ({ ...value, isDelta: true }));
  const grown = await madeOf(arrowStream(types.encoded(types.text), 1, [first, ...more]), 1e6);
  assert.match(grown.said, /would take at least 1\.0. MB/);
});

test('files that become much larger, as real ones do, are read', async () => {
  const name = Buffer.from('a city with a long name');
  const values = Buffer.concat([offsets(0, name.length), name]);
  const dictionary = {
    dictionary: 1,
    rows: 1,
    nodes: [1],
    buffers: [
      [0, 0],
      [0, 8],
      [8, name.length],
    ],
    body: values,
  } as const;
  const rows = 20_000;
  const batch = {
    rows,
    nodes: [rows],
    buffers: [
      [0, 0],
      [0, rows],
    ],
    body: Buffer.alloc(rows),
  } as const;
  const path = file('real.arrows', arrowStream(types.encoded(types.text), 1, [dictionary, batch]));
  assert.deepEqual((await texts(path, undefined, rows - 1, 1)).cells, [[String(name)]]);
  // The limit grows with the files: 20 million rows in 50 MB may take 5 GB.
  assert.equal(new Expansion('x', 50e6).limit, 5e9);
});

/** A frame of Zstandard: blocks of one byte that is repeated, at most 128 kB each. */
function zstdZeros(size: number): Buffer {
  const blocks: Buffer[] = [];
  for (let left = size; left > 0; left -= 131_072) {
    const header = int32((Math.min(131_072, left) << 3) | 2 | (left <= 131_072 ? 1 : 0));
    blocks.push(header.subarray(0, 3), Buffer.alloc(1));
  }
  return Buffer.concat([Buffer.from('28b52ffd0038', 'hex'), ...blocks]);
}

function offsets(from: number, to: number): Buffer {
  return Buffer.concat([int32(from), int32(to)]);
}
