import { message } from '../../core/message/message.ts';
import { f64At, u32At } from '../../core/valueAt.ts';
import type { Budget } from './budget.ts';
import { damaged } from './problem.ts';

/** Memory of an item of a list that is taken: its position, and whether it is NULL. */
const ITEM_BYTES = 9;

/** One byte per value, 0: NULL; null if no value is NULL. */
export type Valid = Uint8Array | null;

/** Values of some rows, ready for DuckDB. */
export type Column = { readonly count: number; readonly valid: Valid } & (
  | FixedValues
  | BytesValues
  | ListValues
  | { readonly kind: 'struct'; readonly fields: readonly Column[] }
);
/** Values of fixed width in DuckDB's layout. */
export interface FixedValues {
  readonly kind: 'fixed';
  readonly width: number;
  readonly data: Uint8Array<ArrayBuffer>;
}
/** Texts and binaries: where each begins in `data`, and its length in bytes. */
export interface BytesValues {
  readonly kind: 'bytes';
  readonly data: Uint8Array<ArrayBuffer>;
  readonly starts: Uint32Array;
  readonly lengths: Uint32Array;
}
/** Lists and maps. The items of the lists are in order; there may be others between them. */
export interface ListValues {
  readonly kind: 'list';
  readonly starts: Uint32Array;
  readonly lengths: Uint32Array;
  readonly items: Column;
}

export function isValid(valid: Valid, row: number): boolean {
  return valid === null || valid[row] === 1;
}

/**
 * The values at some positions. Positions of NULLs are ignored. A value that occurs often is made often: null if that
 * needs more memory than the budget has.
 * @throws FailureError `corrupt` for a position outside of the column
 */
export function gather(column: Column, at: Float64Array, valid: Valid, budget: Budget): Column | null {
  const count = at.length;
  let own: Uint8Array | null = valid;
  const places = new Uint32Array(count);
  for (let k = 0; k < count; k++) {
    if (!isValid(valid, k)) continue;
    const place = f64At(at, k);
    if (place < 0 || place >= column.count)
      throw damaged(message('an index is {0}, but its dictionary has {1} values', place, column.count));
    places[k] = place;
    if (isValid(column.valid, place)) continue;
    own = own === null || own === valid ? copyOf(valid, count) : own;
    own[k] = 0;
  }
  return taken(column, places, own, budget);
}

function copyOf(valid: Valid, count: number): Uint8Array {
  return valid === null ? new Uint8Array(count).fill(1) : Uint8Array.from(valid);
}

/** @param places of values, anything where `valid` says NULL */
function taken(column: Column, places: Uint32Array, valid: Valid, budget: Budget): Column | null {
  const count = places.length;
  switch (column.kind) {
    case 'fixed': {
      const { width } = column;
      if (!budget.take(count * width)) return null;
      const data = new Uint8Array(count * width);
      for (let k = 0; k < count; k++) {
        const from = u32At(places, k) * width;
        if (isValid(valid, k)) data.set(column.data.subarray(from, from + width), k * width);
      }
      return { ...column, count, valid, data };
    }
    case 'bytes': {
      const lengths = takenLengths(column.lengths, places, valid);
      // The bytes are shared here, but DuckDB stores them for every row.
      if (!budget.take(totalOf(lengths))) return null;
      const starts = places.map((place, k) => (isValid(valid, k) ? u32At(column.starts, place) : 0));
      return { ...column, count, valid, starts, lengths };
    }
    case 'list': {
      const lists = takenLists(column, places, valid, budget);
      return lists && { ...lists, count, valid };
    }
    case 'struct': {
      const at = Float64Array.from(places);
      const fields: Column[] = [];
      for (const field of column.fields) {
        const own = gather(field, at, valid, budget);
        if (own === null) return null;
        fields.push(own);
      }
      return { kind: 'struct', count, valid, fields };
    }
  }
}

function takenLengths(lengths: Uint32Array, places: Uint32Array, valid: Valid): Uint32Array {
  return places.map((place, k) => (isValid(valid, k) ? u32At(lengths, place) : 0));
}

function totalOf(lengths: Uint32Array): number {
  return lengths.reduce((sum, length) => sum + length, 0);
}

function takenLists(
  { starts, lengths, items }: ListValues,
  places: Uint32Array,
  valid: Valid,
  budget: Budget,
): ListValues | null {
  const own = { starts: new Uint32Array(places.length), lengths: takenLengths(lengths, places, valid) };
  const total = totalOf(own.lengths);
  if (!budget.take(total * ITEM_BYTES)) return null;
  const at = new Float64Array(total);
  for (let k = 0, next = 0; k < places.length; k++) {
    own.starts[k] = next;
    const length = u32At(own.lengths, k);
    // An empty dictionary has no start, not even for NULL.
    const from = length === 0 ? 0 : u32At(starts, u32At(places, k));
    for (let j = 0; j < length; j++) at[next++] = from + j;
  }
  const taken = gather(items, at, null, budget);
  return taken && { kind: 'list', ...own, items: taken };
}

/** The values of two columns of one type, one after the other. */
export function joined(a: Column, b: Column): Column {
  const count = a.count + b.count;
  const valid =
    a.valid === null && b.valid === null
      ? null
      : Uint8Array.from({ length: count }, (_, k) =>
          k < a.count ? Number(isValid(a.valid, k)) : Number(isValid(b.valid, k - a.count)),
        );
  if (a.kind === 'fixed' && b.kind === 'fixed') return { ...a, count, valid, data: bytesOf(a.data, b.data) };
  if (a.kind === 'bytes' && b.kind === 'bytes')
    return { ...a, count, valid, data: bytesOf(a.data, b.data), ...places(a, b, a.data.length) };
  if (a.kind === 'list' && b.kind === 'list')
    return { ...a, count, valid, items: joined(a.items, b.items), ...places(a, b, a.items.count) };
  if (a.kind === 'struct' && b.kind === 'struct')
    return {
      ...a,
      count,
      valid,
      fields: a.fields.flatMap((field, k) => {
        const other = b.fields[k];
        return other ? [joined(field, other)] : [];
      }),
    };
  throw new Error('columns of different types');
}

type Places = Pick<BytesValues, 'starts' | 'lengths'>;

function places(a: Places, b: Places, shift: number): Places {
  return {
    starts: wordsOf(
      a.starts,
      b.starts.map((start) => start + shift),
    ),
    lengths: wordsOf(a.lengths, b.lengths),
  };
}

function wordsOf(a: Uint32Array, b: Uint32Array): Uint32Array {
  const all = new Uint32Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}

function bytesOf(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
