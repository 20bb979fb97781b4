import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FailureError } from '../../src/core/message/failure.ts';
import { render } from '../../src/core/message/message.ts';
import { fixture, fixtures, read } from './arrowFixture.ts';
import { failureOf, file, opened, parquet } from './fixture.ts';
import { flatBuffer, type FlatNode } from './flatBuffer.ts';

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
    if (error instanceof FailureError) return error.failure.code;
    throw error;
  }
}

for (const name of ['same-lz4.arrow', 'same-zstd.arrows', 'plain.arrow', 'delta.arrows', 'views.arrow']) {
  test(`flipped bits of ${name} give an answer or a clear failure`, async () => {
    const bytes = readFileSync(join(fixtures, name));
    const found = new Set<string>();
    // Every third byte, each with other bits; the fuzz target tries the rest.
    for (let at = 0; at < bytes.length; at += 3) {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ (at % 2 === 0 ? 0xff : 0x01 << (at % 8));
      found.add(await answers(file('flipped.arrow', copy)));
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
    for (let length = 1; length < bytes.length; length += length > bytes.length - 40 ? 1 : 5) {
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

test('every fixture is used', () => {
  const source = ['arrow.test.ts', 'arrowDamage.test.ts']
    .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
    .join('');
  const unused = readdirSync(fixtures).filter(
    (name) => !source.includes(name) && !/^(make\.py|(types|same)-)/.test(name) && name !== 'nulls.arrow',
  );
  assert.deepEqual(unused, []);
});
