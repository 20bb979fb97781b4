import ddb, { type Vector } from '@duckdb/node-bindings';
import { u32At, u8At } from '../../core/valueAt.ts';
import type { BytesValues, Column, ListValues, Valid } from './column.ts';

/** DuckDB stores a text in 16 bytes: its length, then up to 12 bytes, or a pointer. */
const ENTRY_BYTES = 16;
const INLINE_BYTES = 12;

/** Copies `count` values of a column, from row `from` on, into a vector. */
export function fillVector(vector: Vector, column: Column, from: number, count: number): void {
  fillValidity(vector, column.valid, from, count);
  switch (column.kind) {
    case 'fixed': {
      const { data, width } = column;
      ddb.copy_data_to_vector(vector, 0, data.buffer, data.byteOffset + from * width, count * width);
      return;
    }
    case 'bytes':
      fillBytes(vector, column, from, count);
      return;
    case 'list':
      fillLists(vector, column, from, count);
      return;
    case 'struct':
      column.fields.forEach((field, k) => {
        fillVector(ddb.struct_vector_get_child(vector, k), field, from, count);
      });
  }
}

/** The same text in all rows of a vector; null is NULL. */
export function fillConstant(vector: Vector, text: string | null, count: number): void {
  const data = new Uint8Array(Buffer.from(text ?? ''));
  const valid = text === null ? new Uint8Array(count) : null;
  const [starts, lengths] = [new Uint32Array(count), new Uint32Array(count).fill(data.length)];
  fillVector(vector, { kind: 'bytes', count, valid, data, starts, lengths }, 0, count);
}

function fillValidity(vector: Vector, valid: Valid, from: number, count: number): void {
  if (valid === null) return;
  const bits = new Uint8Array(Math.ceil(count / 64) * 8).fill(255);
  for (let k = 0; k < count; k++) if (valid[from + k] === 0) bits[k >> 3] = u8At(bits, k >> 3) & ~(1 << (k & 7));
  ddb.vector_ensure_validity_writable(vector);
  ddb.copy_data_to_vector_validity(vector, 0, bits.buffer, 0, bits.byteLength);
}

function fillBytes(vector: Vector, { data, starts, lengths }: BytesValues, from: number, count: number): void {
  const entries = new Uint8Array(ENTRY_BYTES * count);
  const view = new DataView(entries.buffer);
  const long: number[] = [];
  for (let k = 0; k < count; k++) {
    const [start, length] = [u32At(starts, from + k), u32At(lengths, from + k)];
    if (length > INLINE_BYTES) {
      long.push(k);
      continue;
    }
    view.setUint32(ENTRY_BYTES * k, length, true);
    for (let j = 0; j < length; j++) entries[ENTRY_BYTES * k + 4 + j] = u8At(data, start + j);
  }
  ddb.copy_data_to_vector(vector, 0, entries.buffer, 0, entries.byteLength);
  for (const k of long) {
    const start = u32At(starts, from + k);
    ddb.vector_assign_string_element_len(vector, k, data.subarray(start, start + u32At(lengths, from + k)));
  }
}

/** An entry is a 64-bit offset and a 64-bit length; the high words stay 0. */
function fillLists(vector: Vector, { starts, lengths, items }: ListValues, from: number, count: number): void {
  // A column of 0 rows may have no start offset.
  const first = count === 0 ? 0 : u32At(starts, from);
  const last = from + count - 1;
  const total = count === 0 ? 0 : u32At(starts, last) + u32At(lengths, last) - first;
  const entries = new Uint32Array(4 * count);
  for (let k = 0; k < count; k++) {
    entries[4 * k] = u32At(starts, from + k) - first;
    entries[4 * k + 2] = u32At(lengths, from + k);
  }
  ddb.list_vector_reserve(vector, total);
  ddb.list_vector_set_size(vector, total);
  ddb.copy_data_to_vector(vector, 0, entries.buffer, 0, entries.byteLength);
  if (total > 0) fillVector(ddb.list_vector_get_child(vector), items, first, total);
}
