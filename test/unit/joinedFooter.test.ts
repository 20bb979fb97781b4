import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  hasField,
  integerOf,
  readCompact,
  structsOf,
  text,
  writeCompact,
  type CompactStruct,
  type CompactValue,
} from '../../src/engine/parquet/compactStruct.ts';
import { JoinedFooter } from '../../src/engine/parquet/joinedFooter.ts';

const i64 = (value: bigint): CompactValue => ({ type: 6, value });
const list = (items: readonly CompactStruct[]): CompactValue => ({
  type: 9,
  of: 12,
  items: items.map((fields) => ({ type: 12, fields })),
});
const fields = (...all: readonly (readonly [number, CompactValue])[]): CompactStruct => new Map(all);

describe('Thrift’s compact protocol', () => {
  test('bytes by its specification', () => {
    // Field 1: i32 3; field 2: list of two i32; field 20: true; the stop byte.
    const bytes = Uint8Array.of(0x15, 0x06, 0x19, 0x25, 0x01, 0x80, 0x01, 0x01, 0x28, 0x00);
    const read = readCompact(bytes);
    assert.deepEqual(
      [...read],
      [
        [1, { type: 5, value: 3n }],
        [
          2,
          {
            type: 9,
            of: 5,
            items: [
              { type: 5, value: -1n },
              { type: 5, value: 64n },
            ],
          },
        ],
        [20, { type: 1 }],
      ],
    );
    assert.deepEqual(writeCompact(read), bytes);
  });

  test('reading and writing returns the same bytes: widths, long lists, booleans, nested structs', () => {
    const all = fields(
      [1, i64(-(2n ** 63n))],
      [2, i64(2n ** 63n - 1n)],
      [3, text('标题')],
      [4, { type: 7, value: Uint8Array.of(0, 0, 0, 0, 0, 0, 240, 63) }],
      [5, { type: 3, value: 200 }],
      [6, { type: 2 }],
      [7, { type: 9, of: 1, items: [{ type: 1 }, { type: 2 }] }],
      [90, list(Array.from({ length: 300 }, (_, k) => fields([1, i64(BigInt(k))])))],
    );
    assert.deepEqual([...readCompact(writeCompact(all))], [...all]);
  });

  test('truncated and invalid bytes are reported', () => {
    const bytes = writeCompact(fields([1, text('a text')], [2, i64(300n)]));
    for (let length = 0; length < bytes.length; length++)
      assert.throws(() => readCompact(bytes.subarray(0, length)), RangeError, String(length));
    assert.throws(() => readCompact(Uint8Array.of(0x1f, 0)), RangeError);
    assert.throws(() => integerOf(readCompact(bytes), 1), RangeError);
    assert.throws(() => structsOf(readCompact(bytes), 2), RangeError);
  });

  test('a field is found among fields of all types, without keeping them', () => {
    const inner = fields([1, { type: 1 }], [2, list([fields([1, text('x')]), fields()])]);
    const bytes = writeCompact(
      fields(
        [1, i64(-5n)],
        [2, { type: 2 }],
        [3, { type: 12, fields: inner }],
        [4, { type: 9, of: 1, items: [{ type: 1 }] }],
        [5, { type: 9, of: 7, items: [{ type: 7, value: new Uint8Array(8) }] }],
        [40, text('x')],
      ),
    );
    assert.deepEqual(
      [1, 2, 3, 4, 5, 6, 40].map((id) => hasField(bytes, id)),
      [true, true, true, true, true, false, true],
    );
  });

  test('a count that the bytes cannot hold is refused at once, for every type of element', () => {
    const count = [0xff, 0xff, 0xff, 0xff, 0x07];
    const lists = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12].map((type) =>
      Uint8Array.of(0x19, 0xf0 | type, ...count, ...new Array<number>(60).fill(0)),
    );
    const text = Uint8Array.of(0x18, ...count, 0, 0);
    const number = Uint8Array.of(0x16, ...new Array<number>(80).fill(0xff));
    for (const bytes of [...lists, text, number]) {
      assert.throws(() => hasField(bytes, 8), RangeError);
      assert.throws(() => readCompact(bytes), RangeError);
    }
  });

  test('nesting deeper than any footer is refused: structs, lists, lists of structs', () => {
    for (const bytes of [
      new Uint8Array(100_000).fill(0x1c),
      new Uint8Array(100_000).fill(0x19),
      new Uint8Array(100_000).fill(0x1c).map((byte, k) => (k % 2 === 0 ? 0x19 : byte)),
    ]) {
      assert.throws(() => hasField(bytes, 8), /too deep/);
      assert.throws(() => readCompact(bytes), /too deep/);
    }
  });
});

test('all offsets in row groups of a second file are shifted, except missing ones', () => {
  const footer = (rows: bigint): Uint8Array =>
    writeCompact(
      fields(
        [1, i64(1n)],
        [3, i64(rows)],
        [
          4,
          list([
            fields(
              [
                1,
                list([
                  fields(
                    [2, i64(0n)],
                    [
                      3,
                      {
                        type: 12,
                        fields: fields([5, i64(rows)], [9, i64(40n)], [11, i64(4n)], [14, i64(90n)], [15, i64(47n)]),
                      },
                    ],
                    [4, i64(70n)],
                  ),
                ]),
              ],
              [3, i64(rows)],
              [5, i64(4n)],
              [6, i64(100n)],
              [7, { type: 4, value: 0n }],
            ),
          ]),
        ],
      ),
    );
  const joined = new JoinedFooter();
  joined.add(footer(10n), 0);
  joined.add(footer(20n), 1000);
  const whole = readCompact(joined.bytes({ fact: 'value' }));
  assert.equal(integerOf(whole, 3), 30n);
  const groups = structsOf(whole, 4);
  assert.deepEqual(
    groups.map((group) => [integerOf(group, 3), integerOf(group, 5), integerOf(group, 6), integerOf(group, 7)]),
    [
      [10n, 4n, 100n, 0n],
      [20n, 1004n, 100n, 1n],
    ],
  );
  const [column] = structsOf(groups[1] ?? new Map(), 1);
  assert.ok(column);
  const inner = column.get(3);
  assert.ok(inner && 'fields' in inner);
  assert.deepEqual(
    [integerOf(column, 2), integerOf(column, 4), [...inner.fields.keys()].map((id) => integerOf(inner.fields, id))],
    [0n, 1070n, [20n, 1040n, 1004n, 1090n, 47n]],
  );
  const [fact] = structsOf(whole, 5);
  assert.deepEqual(fact && [...fact.values()], [text('fact'), text('value')]);
});
