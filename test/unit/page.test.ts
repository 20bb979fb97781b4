import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { shortestFloat } from '../../src/core/table/format.ts';
import { decodePage, encodePage } from '../../src/core/table/page.ts';

test('a page keeps every cell digit for digit', () => {
  const bytes = encodePage(
    [7, 9007199254740991],
    [
      { type: { kind: 'integer', bits: 64, signed: true }, values: [9223372036854775807n, -9223372036854775808n] },
      { type: { kind: 'integer', bits: 64, signed: false }, values: [18446744073709551615n, null] },
      {
        type: { kind: 'decimal', precision: 38, scale: 10 },
        values: ['1234567890123456789012345678.0000000001', null],
      },
      { type: { kind: 'float', bits: 32 }, values: [Math.fround(0.1), -0] },
      { type: { kind: 'float', bits: 64 }, values: [0.1, NaN] },
      { type: { kind: 'boolean' }, values: [true, null] },
      { type: { kind: 'string' }, values: ['杭州', ''], lengths: new Map([[0, 104857600]]) },
      { type: { kind: 'integer', bits: 32, signed: false }, values: [4294967295, 0] },
    ],
  );
  const page = decodePage(bytes);
  assert.equal(page.length, 2);
  assert.equal(page.width, 8);
  assert.deepEqual([page.sourceRow(0), page.sourceRow(1)], [7, 9007199254740991]);
  assert.deepEqual(
    [0, 1].map((row) => [0, 1, 2, 3, 4, 5, 6, 7].map((column) => page.text(row, column))),
    [
      [
        '9223372036854775807',
        '18446744073709551615',
        '1234567890123456789012345678.0000000001',
        '0.1',
        '0.1',
        'true',
        '杭州',
        '4294967295',
      ],
      ['-9223372036854775808', null, null, '-0', 'NaN', null, '', '0'],
    ],
  );
  assert.equal(page.clipped(0, 6), 104857600);
  assert.equal(page.clipped(1, 6), null);
  assert.equal(page.number(0, 0), null);
  assert.equal(page.number(0, 4), 0.1);
});

test('pages without rows and pages of nulls decode', () => {
  assert.equal(decodePage(encodePage([], [{ type: { kind: 'string' }, values: [] }])).length, 0);
  const nulls = decodePage(
    encodePage(
      [0, 1],
      [
        { type: { kind: 'string' }, values: [null, null] },
        { type: { kind: 'boolean' }, values: [null, null] },
      ],
    ),
  );
  assert.equal(nulls.isNull(1, 0), true);
  assert.equal(nulls.text(0, 1), null);
});

test('32-bit floats print in the shortest form that reads back equal', () => {
  fc.assert(
    fc.property(fc.float(), (x) => {
      assert.ok(Object.is(Math.fround(Number(shortestFloat(x, 32))), x));
    }),
  );
});
