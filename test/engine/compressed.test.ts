import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Compression } from '../../src/core/table/sampleName.ts';
import { FailureError } from '../../src/core/message/failure.ts';
import { render } from '../../src/core/message/message.ts';
import { decompressed } from '../../src/engine/text/bytes.ts';
import { ZstdFrames } from '../../src/engine/text/zstdFrames.ts';
import { failureOf, file, folder, opened, texts } from './fixture.ts';
import { checkedFrame, rawFrame, zstdCompress } from './zstd.ts';

const lines = (count: number): string =>
  Array.from({ length: count }, (_, k) => `${k},${(k * 7919) % 100_003}\n`).join('');
const skippable = Buffer.concat([Buffer.from('5a2a4d1805000000', 'hex'), Buffer.from('notes')]);

/** The content of a file with these bytes, or the code of the failure. */
async function read(bytes: Uint8Array, compression: Compression): Promise<string | { code: string }> {
  const path = file('bytes', bytes);
  const parts: Buffer[] = [];
  try {
    for await (const part of decompressed(path, compression)) parts.push(part);
  } catch (error) {
    if (error instanceof FailureError) return { code: error.failure.code };
    throw error;
  }
  return Buffer.concat(parts).toString();
}

test('Zstandard of several frames, with skippable ones between, is read whole', async () => {
  const content = lines(3000);
  const frames = [
    await rawFrame('a,b\n'),
    skippable,
    await checkedFrame(content, folder),
    await zstdCompress('x,y\n', folder),
    skippable,
  ];
  assert.equal(await read(Buffer.concat(frames), 'zstd'), `a,b\n${content}x,y\n`);
});

const whole: [name: string, compression: Compression, frames: () => Promise<Buffer[]>][] = [
  ['Zstandard', 'zstd', async () => [await rawFrame('a,b\n'), skippable, await checkedFrame(lines(40), folder)]],
  ['gzip', 'gzip', () => Promise.resolve([gzipSync('a,b\n'), gzipSync(lines(40))])],
];
for (const [name, compression, frames] of whole) {
  test(`${name} with one changed byte is refused, or holds the same data`, async () => {
    const bytes = Buffer.concat(await frames());
    const content = await read(bytes, compression);
    assert.equal(content, `a,b\n${lines(40)}`);
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      const found = await read(changed, compression);
      if (typeof found === 'string') assert.equal(found, content, `byte ${at}`);
      else assert.match(found.code, /^(corrupt|truncated|unsupported)$/, `byte ${at}`);
    }
  });

  test(`${name} that is cut off is refused, unless the cut is between two parts`, async () => {
    const parts = await frames();
    const bytes = Buffer.concat(parts);
    const ends = parts.map((_, k) => Buffer.concat(parts.slice(0, k + 1)).length);
    for (const length of [
      ...ends.slice(0, -1),
      ...Array.from({ length: Math.ceil(bytes.length / 3) }, (_, k) => 3 * k + 1),
    ].filter((n) => n < bytes.length)) {
      const found = await read(bytes.subarray(0, length), compression);
      assert.equal(typeof found === 'string', ends.includes(length), `${length} bytes`);
    }
  });
}

test('a wrong checksum of Zstandard is named', async () => {
  const bytes = await checkedFrame(`a,b\n${lines(50)}`, folder);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  const path = file('checksum.csv.zst', bytes);
  const failure = await failureOf(opened(path));
  assert.deepEqual([failure.code, failure.place?.path], ['corrupt', path]);
  assert.equal(render(failure.message), 'The compressed file is damaged: the checksum of its content does not match');
});

test('Zstandard that needs too much memory, or a dictionary, is refused', async () => {
  const frame = (header: string): Buffer =>
    Buffer.concat([Buffer.from(`28b52ffd${header}`, 'hex'), Buffer.from('210000', 'hex'), Buffer.from('a,b\n')]);
  assert.deepEqual(await read(frame('0098'), 'zstd'), { code: 'unsupported' });
  assert.deepEqual(await read(frame('010007'), 'zstd'), { code: 'unsupported' });
  assert.equal(await read(frame('0000'), 'zstd'), 'a,b\n');
});

test('Zstandard is decompressed block by block, because a small chunk may expand to gigabytes', async () => {
  // Blocks that repeat one byte 131,072 times, then one with an invalid header.
  const blocks = [...Array.from({ length: 20 }, () => Buffer.from([2, 0, 0x10, 0x61])), Buffer.from([6, 0, 0])];
  const parts = (await ZstdFrames.create('bomb.csv.zst')).push(
    Buffer.concat([Buffer.from('28b52ffd0038', 'hex'), ...blocks]),
  );
  assert.equal(parts.next().value?.length, 128 << 10);
  assert.throws(
    () => [...parts],
    (error) => error instanceof FailureError && error.failure.code === 'corrupt',
  );
});

test('zeros after gzip are padding, but data after zeros are not lost silently', async () => {
  const [first, second] = [gzipSync('a,b\n1,2\n'), gzipSync('3,4\n')];
  assert.deepEqual((await texts(file('padded.csv.gz', Buffer.concat([first, second, Buffer.alloc(1000)])))).cells, [
    ['1', '2'],
    ['3', '4'],
  ]);
  assert.deepEqual(await read(Buffer.concat([first, Buffer.alloc(10), second]), 'gzip'), { code: 'corrupt' });
  assert.deepEqual(await read(Buffer.concat([first, Buffer.from('more')]), 'gzip'), { code: 'corrupt' });
});
