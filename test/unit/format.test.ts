import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { printable } from '../../src/core/message/printable.ts';
import { cellWidth, fitCells, padCells, wrapCells } from '../../src/core/report/cells.ts';
import {
  alignFractions,
  formatBytes,
  formatCompactCount,
  formatCount,
  formatDuration,
  formatFloat,
  formatFloats,
  formatPercent,
  groupDigits,
  shortestFloat,
} from '../../src/core/table/format.ts';

function all<T>(format: (value: T) => string, cases: readonly (readonly [T, string])[]): void {
  for (const [value, text] of cases) assert.equal(format(value), text);
}

test('digits are grouped exactly, at any length', () => {
  all(groupDigits, [
    ['0', '0'],
    ['999', '999'],
    ['1864207', '1,864,207'],
    ['-7203685477590228993', '−7,203,685,477,590,228,993'],
    ['-12345678901234567890123456789012345.6789', '−12,345,678,901,234,567,890,123,456,789,012,345.6789'],
    ['1e-7', '1e−7'],
    ['2026-11-20', '2026-11-20'],
    ['text', 'text'],
  ]);
});

test('counts', () => {
  all(formatCount, [
    [0, '0'],
    [19191123, '19,191,123'],
    [1e21, '1,000,000,000,000,000,000,000'],
  ]);
  all(
    (n: number) => formatCompactCount(n),
    [
      [0, '0'],
      [999, '999'],
      [1000, '1.00 k'],
      [19191123, '19.2 M'],
      [999499, '999 k'],
      [999950, '1.00 M'],
      [1.5e12, '1.50 T'],
      [-19191123, '−19.2 M'],
    ],
  );
  all(
    (n: number) => formatCompactCount(n, 'zh-cn'),
    [
      [9999, '9,999'],
      [19191123, '1,920 万'],
      [39100000, '3,910 万'],
      [192000000, '1.92 亿'],
      [99990000, '1.00 亿'],
    ],
  );
});

test('bytes, shares and durations', () => {
  all(formatBytes, [
    [0, '0 B'],
    [812, '812 B'],
    [1000, '1.00 kB'],
    [999999, '1.00 MB'],
    [1.42e9, '1.42 GB'],
    [212e6, '212 MB'],
  ]);
  all(formatPercent, [
    [0, '0 %'],
    [1, '100 %'],
    [0.0971, '9.71 %'],
    [0.0046, '0.46 %'],
    [0.0999999, '10.0 %'],
    [0.4304, '43.0 %'],
    [0.99981, '99.98 %'],
    [0.9999999, '> 99.99 %'],
    [1e-9, '< 0.0001 %'],
    [0.00000312, '0.00031 %'],
    [NaN, '–'],
  ]);
  all(formatDuration, [
    [0, '0 ms'],
    [12.4, '12 ms'],
    [1840, '1.84 s'],
    [999.7, '1.00 s'],
    [59_960, '1 min 0 s'],
    [125_000, '2 min 5 s'],
    [3_780_000, '1 h 3 min'],
  ]);
});

test('floats below each other have the same decimals', () => {
  assert.deepEqual(formatFloats([-14, -13.99, null]), ['−14.00', '−13.99', '']);
  assert.deepEqual(formatFloats([0.029411764705882353, 0.5]), ['0.0294118', '0.5000000']);
  assert.deepEqual(formatFloats([1, 2, 3]), ['1', '2', '3']);
  assert.deepEqual(formatFloats([NaN, Infinity, -Infinity, 0.5]), ['NaN', '∞', '−∞', '0.5']);
  assert.deepEqual(formatFloats([123456.789, 0.25]), ['123,456.8', '0.3']);
  assert.deepEqual(formatFloats([1e-9, 1e9, 0]), ['1e−9', '1e+9', '0']);
  assert.deepEqual(formatFloats([Math.fround(0.1), Math.fround(13.99)], 32), ['0.10', '13.99']);
  assert.deepEqual(formatFloats([]), []);
});

test('exact texts are aligned without losing or inventing a digit', () => {
  assert.deepEqual(alignFractions(['−14', '−13.99', '0.029411764705882353', '1e−9', 'NaN', '∅']), [
    '−14.000000000000000000',
    '−13.990000000000000000',
    '0.029411764705882353',
    '1e−9',
    'NaN',
    '∅',
  ]);
  assert.deepEqual(alignFractions(['1', '2']), ['1', '2']);
});

test('a float reads back from its shortest digits', () => {
  assert.equal(shortestFloat(0.029411764705882353), '0.029411764705882353');
  assert.equal(shortestFloat(Math.fround(0.1), 32), '0.1');
  assert.equal(formatFloat(-1234.56789), '−1,234.57');
  fc.assert(fc.property(fc.float(), (x) => Object.is(Math.fround(Number(shortestFloat(x, 32))), x)));
});

test('terminal text is measured in cells and cannot steer the terminal', () => {
  assert.equal(cellWidth('西湖 loft'), 9);
  assert.equal(cellWidth('e\u0301'), 1);
  assert.equal(padCells('西', 4, 'right'), '  西');
  assert.equal(fitCells('西湖边的露台', 6), '西湖…');
  assert.equal(fitCells('西湖', 4), '西湖');
  assert.equal(printable('a\x1b[2Jb\n\u202Ec\x7f'), 'a␛[2Jb␊\\u202ec␡');
  assert.equal(printable('\u061C\u200E\u200F\u2069'), '\\u061c\\u200e\\u200f\\u2069');
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      fc.nat(20),
      (text, width) => cellWidth(fitCells(text, width)) <= width,
    ),
  );
});

test('a long text is wrapped and cut in time that grows with its length', () => {
  for (const word of ['é, ', '中', 'x ']) {
    const text = word.repeat(40_000);
    const lines = wrapCells(text, 80);
    assert.ok(lines.every((line) => cellWidth(line) <= 80));
    assert.equal(lines.join('').replaceAll(' ', ''), text.replaceAll(' ', ''));
    assert.ok(cellWidth(fitCells(text, 80)) <= 80);
  }
});
