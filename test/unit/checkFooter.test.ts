import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkFooter } from '../../src/engine/parquet/checkFooter.ts';

const fixtures = join(import.meta.dirname, '../fixtures/parquet');
/** The version, then a schema of one element named `a`, no rows, and the header of the row groups. */
const toGroups = [0x15, 2, 0x19, 0x1c, 0x48, 1, 0x61, 0, 0x16, 0, 0x19];
/** 2^24 + 15 elements. */
const count = [0x8f, 0x80, 0x80, 0x08];
const check = (...bytes: readonly number[]): void => {
  checkFooter(Uint8Array.from(bytes));
};

test('the footers of all writers are accepted, also an empty list without a type', () => {
  for (const name of readdirSync(fixtures).filter((file) => file.endsWith('.parquet'))) {
    const file = readFileSync(join(fixtures, name));
    const end = file.length - 8;
    checkFooter(file.subarray(end - file.readUInt32LE(end), end));
  }
  check(...toGroups, 0x00, 0);
});

test('a list that claims more elements than its bytes can hold is refused wherever DuckDB takes memory for it', () => {
  const claims = [
    [0x15, 2, 0x19, 0xfc, ...count],
    [...toGroups, 0xfc, ...count],
    [...toGroups, 0x1c, 0x19, 0xfc, ...count],
  ];
  for (const bytes of claims) assert.throws(() => check(...bytes, 0, 0, 0, 0), RangeError);
});

test('elements without their required fields are refused: each takes hundreds of bytes of DuckDB', () => {
  const columns = [0x9c, ...new Array<number>(9).fill(0)];
  assert.throws(() => check(...toGroups, 0x1c, 0x19, ...columns, 0x16, 0, 0x16, 0, 0, 0), /lack required fields/);
});

test('a list of another type is refused, because DuckDB reads its elements as the type that it expects', () => {
  assert.throws(() => check(...toGroups, 0x18, 2, 0x19, 0xfc, 0), /another type/);
});
