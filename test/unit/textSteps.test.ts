import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Blocks } from '../../src/engine/text/blocks.ts';
import { CsvReader } from '../../src/engine/text/csvReader.ts';
import { CsvScanner } from '../../src/engine/text/csvScanner.ts';
import { JsonlReader } from '../../src/engine/text/jsonlReader.ts';
import type { TextReader } from '../../src/engine/text/reader.ts';
import { Tally } from '../../src/engine/text/tally.ts';

// A cancellation waits at most for one step of a text reader.

const MB = 1 << 20;
const BLOCK_BYTES = 1000;

interface Steps {
  /** For each step: bytes of complete records, and rows. */
  readonly steps: readonly (readonly [bytes: number, rows: number])[];
  readonly text: string;
  readonly bad: readonly number[];
}

async function read(content: string, reader: TextReader, tally: Tally): Promise<Steps> {
  const bytes = Buffer.from(content);
  const chunks = async function* (): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += MB) yield bytes.subarray(at, at + MB);
  };
  const blocks = new Blocks(chunks(), '/log', BLOCK_BYTES);
  const { reader: file } = reader.begin('/log', bytes.subarray(0, MB), bytes.length <= MB);
  const steps: (readonly [number, number])[] = [];
  const slices: Buffer[] = [];
  for (;;) {
    const block = await blocks.next();
    const { part, consumed } = file.convert(block);
    blocks.consumed(consumed);
    steps.push([consumed, part.records]);
    slices.push(...part.slices);
    if (block.final && (consumed === 0 || consumed === block.bytes.length)) break;
  }
  return { steps, text: Buffer.concat(slices).toString(), bad: tally.list.map(({ line }) => line) };
}

test('after a quote that is never closed, the rest of the file is converted in steps', async () => {
  const rest = Array.from({ length: 400_000 }, (_, k) => `${k},item-${k}\n`).join('');
  const tally = new Tally();
  const { steps, text, bad } = await read(`a,b\n1,"open\n${rest}`, new CsvReader([','], tally), tally);
  assert.ok(rest.length > 6 * MB);
  assert.deepEqual(
    steps.filter(([bytes]) => bytes > MB + 2 * BLOCK_BYTES),
    [],
  );
  assert.equal(text, `1,"""open"\n${rest}`);
  assert.deepEqual(bad, [2]);
});

test('after a long line of JSON, the rest of the file is converted in steps', async () => {
  const rest = Array.from({ length: 300_000 }, (_, k) => `{"a":${k},"b":"item"}\n`).join('');
  const long = 'x'.repeat(5 * MB);
  const tally = new Tally();
  const { steps, text } = await read(`{"a":0,"b":"${long}"}\n${rest}`, new JsonlReader(tally), tally);
  assert.deepEqual(
    steps.filter(([bytes]) => bytes > MB + 2 * BLOCK_BYTES),
    [[long.length + '{"a":0,"b":""}\n'.length, 1]],
  );
  const lines = Array.from({ length: 300_000 }, (_, k) => `${k},item\n`).join('');
  assert.equal(text.slice(-lines.length), lines);
  assert.equal(text.length, `0,${long}\n`.length + lines.length);
});

test('short lines of a wide table are converted in steps: each row gets a cell of every column', async () => {
  const keys = Array.from({ length: 5_000 }, (_, k) => `"k${k}":1`).join(',');
  const tally = new Tally();
  const json = await read(`{${keys}}\n${'{}\n'.repeat(2_000)}`, new JsonlReader(tally), tally);
  const rowsOf = ({ steps }: Steps): number => steps.reduce((sum, [, rows]) => sum + rows, 0);
  assert.ok(json.steps.every(([, rows]) => rows <= 1_600) && rowsOf(json) === 2_001);
  const columns = Array.from({ length: 5_000 }, (_, k) => `k${k}`).join(',');
  const csv = await read(`${columns}\n${'1\n'.repeat(2_000)}`, new CsvReader([','], tally), tally);
  assert.ok(csv.steps.every(([, rows]) => rows <= (8 * MB) / 5_000 + 1) && rowsOf(csv) === 2_000);
});

test('a line of 100,000 quoted fields is searched for its end once', () => {
  const bytes = Buffer.from(`${Array.from({ length: 100_000 }, () => '"a""b"').join(',')}\n`);
  let searched = 0;
  const indexOf = bytes.indexOf.bind(bytes);
  bytes.indexOf = (value: string | number | Uint8Array, from?: number | BufferEncoding) => {
    const found = indexOf(value, Number(from));
    searched += (found < 0 ? bytes.length : found) - Number(from);
    return found;
  };
  const scanner = new CsvScanner(bytes, 0x2c);
  assert.ok(scanner.advance(true));
  assert.deepEqual([scanner.fields, scanner.lines, scanner.end], [100_000, 1, bytes.length - 1]);
  assert.ok(searched <= 2 * bytes.length, `${searched} bytes were searched`);
});
