import { i32At, outOfRange, u32At, u8At, valueAt } from '../../core/valueAt.ts';
import type { FixedWidth } from './fixedWidth.ts';
import type { NestedValues } from './nestedAppender.ts';

/** Values of the rows with these numbers; -1 yields NULL. */
export type RowValues = (rows: Int32Array) => NestedValues;

/** Values of a fixed width. They are copied as bytes or words, because a number could change the bits of a NaN. */
export function fixedRowValues(
  { bytes, isNull }: { readonly bytes: Uint8Array<ArrayBuffer>; readonly isNull: Uint8Array },
  width: FixedWidth,
): RowValues {
  const all = elementsOf(bytes, width);
  const elementsPerValue = Math.max(1, width >> 2);
  // Most columns have no NULL, so that the flags need not be read.
  const nulls = isNull.includes(1) ? isNull : null;
  return (rows) => {
    const values = elementsOf(new Uint8Array(rows.length * width), width);
    const isMissing = new Uint8Array(rows.length);
    for (let k = 0; k < rows.length; k++) {
      const row = i32At(rows, k);
      if (row < 0 || (nulls !== null && u8At(nulls, row) === 1)) {
        isMissing[k] = 1;
        continue;
      }
      const [from, to] = [elementsPerValue * row, elementsPerValue * k];
      for (let j = 0; j < elementsPerValue; j++) values[to + j] = all[from + j] ?? outOfRange(all, from + j);
    }
    return { values, isNull: isMissing };
  };
}

function elementsOf(bytes: Uint8Array<ArrayBuffer>, width: FixedWidth): Uint8Array | Uint16Array | Uint32Array {
  return width === 1 ? bytes : width === 2 ? new Uint16Array(bytes.buffer) : new Uint32Array(bytes.buffer);
}

/** Texts; equal texts are stored once. */
export function textRowValues(all: readonly (string | null)[]): RowValues {
  const numbers = new Map<string | null, number>();
  const texts: (string | null)[] = [];
  const ofRow = new Uint32Array(all.length);
  for (let row = 0; row < all.length; row++) {
    const text = valueAt(all, row);
    let number = numbers.get(text);
    if (number === undefined) {
      number = texts.push(text) - 1;
      numbers.set(text, number);
    }
    ofRow[row] = number;
  }
  return (rows) => (k) => {
    const row = i32At(rows, k);
    return row < 0 ? null : valueAt(texts, u32At(ofRow, row));
  };
}
