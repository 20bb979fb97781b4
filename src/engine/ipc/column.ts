import { message } from '../../core/message/message.ts';
import { f64At, u32At } from '../../core/valueAt.ts';
import { damaged } from './problem.ts';

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
 * The values at some positions. Positions of NULLs are ignored.
 * @throws FailureError `corrupt` for a position outside of the column
 */
export function gather(column: Column, at: Float64Array, valid: Valid): Column {
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
  return taken(column, places, own);
}

function copyOf(valid: Valid, count: number): Uint8Array {
  return valid === null ? new Uint8Array(count).fill(1) : Uint8Array.from(valid);
}

/** @param places of values, anything where `valid` says NULL */
function taken(column: Column, places: Uint32Array, valid: Valid): Column {
  const count = places.length;
  switch (column.kind) {
    case 'fixed': {
      const { width } = column;
      const data = new Uint8Array(count * width);
      for (let k = 0; k < count; k++) {
        const from = u32At(places, k) * width;
        if (isValid(valid, k)) data.set(column.data.subarray(from, from + width), k * width);
      }
      return { ...column, count, valid, data };
    }
    case 'bytes': {
      const [starts, lengths] = [new Uint32Array(count), new Uint32Array(count)];
      for (let k = 0; k < count; k++) {
        if (!isValid(valid, k)) continue;
        starts[k] = u32At(column.starts, u32At(places, k));
        lengths[k] = u32At(column.lengths, u32At(places, k));
      }
      return { ...column, count, valid, starts, lengths };
    }
    case 'list':
      return { ...takenLists(column, places, valid), count, valid };
    case 'struct':
      return {
        kind: 'struct',
        count,
        valid,
        fields: column.fields.map((field) => gather(field, Float64Array.from(places), valid)),
      };
  }
}

function takenLists({ starts, lengths, items }: ListValues, places: Uint32Array, valid: Valid): ListValues {
  const own = { starts: new Uint32Array(places.length), lengths: new Uint32Array(places.length) };
  let total = 0;
  for (let k = 0; k < places.length; k++) {
    own.starts[k] = total;
    if (!isValid(valid, k)) continue;
    own.lengths[k] = u32At(lengths, u32At(places, k));
    total += u32At(own.lengths, k);
  }
  const at = new Float64Array(total);
  for (let k = 0; k < places.length; k++) {
    const [from, length] = [u32At(starts, u32At(places, k)), u32At(own.lengths, k)];
    for (let j = 0; j < length; j++) at[u32At(own.starts, k) + j] = from + j;
  }
  return { kind: 'list', ...own, items: gather(items, at, null) };
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
    starts: Uint32Array.from([...a.starts, ...b.starts.map((start) => start + shift)]),
    lengths: Uint32Array.from([...a.lengths, ...b.lengths]),
  };
}

function bytesOf(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
