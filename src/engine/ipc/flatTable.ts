import { isUtf8 } from 'node:buffer';

/** Most tables of one buffer. Tables can share bytes, so a small buffer could describe endless ones. */
const MAX_TABLES = 2_000_000;

/** State that all tables of a buffer share. */
interface Shared {
  readonly view: DataView;
  tables: number;
}

/**
 * A table of a FlatBuffers buffer. Fields are addressed by their number in the schema; a missing field has its default.
 * Every access is checked against the buffer.
 * @throws RangeError from every method if the buffer is damaged
 */
export class FlatTable {
  readonly #shared: Shared;
  readonly #at: number;
  readonly #vtable: number;
  readonly #vtableBytes: number;

  private constructor(shared: Shared, at: number) {
    if (++shared.tables > MAX_TABLES) throw new RangeError('too many tables');
    this.#shared = shared;
    this.#at = at;
    this.#vtable = at - shared.view.getInt32(at, true);
    this.#vtableBytes = shared.view.getUint16(this.#vtable, true);
    if (this.#vtableBytes < 4 || this.#vtableBytes % 2 !== 0) throw new RangeError('not a table');
  }

  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new FlatTable({ view, tables: 0 }, view.getUint32(0, true));
  }

  byte(field: number, missing = 0): number {
    const at = this.#place(field);
    return at === null ? missing : this.#shared.view.getUint8(at);
  }

  short(field: number, missing = 0): number {
    const at = this.#place(field);
    return at === null ? missing : this.#shared.view.getInt16(at, true);
  }

  int(field: number, missing = 0): number {
    const at = this.#place(field);
    return at === null ? missing : this.#shared.view.getInt32(at, true);
  }

  long(field: number): bigint {
    const at = this.#place(field);
    return at === null ? 0n : this.#shared.view.getBigInt64(at, true);
  }

  /** A 64-bit number of bytes, rows or nulls. */
  count(field: number): number {
    return safe(this.long(field));
  }

  /** Null if the field is missing. */
  text(field: number): string | null {
    const at = this.#target(field);
    if (at === null) return null;
    const { view } = this.#shared;
    const length = view.getUint32(at, true);
    if (length > view.byteLength - at - 4) throw new RangeError('a text is too long');
    const bytes = Buffer.from(view.buffer, view.byteOffset + at + 4, length);
    if (!isUtf8(bytes)) throw new RangeError('a text is not valid UTF-8');
    return bytes.toString('utf8');
  }

  table(field: number): FlatTable | null {
    const at = this.#target(field);
    return at === null ? null : new FlatTable(this.#shared, at);
  }

  tables(field: number): FlatTable[] {
    const { view } = this.#shared;
    const { at, count } = this.#vector(field, 4);
    return Array.from({ length: count }, (_, k) => {
      const place = at + 4 * k;
      return new FlatTable(this.#shared, place + view.getUint32(place, true));
    });
  }

  /** A vector of structs whose members are 64-bit numbers, or of such numbers. `members`: numbers of each element. */
  counts(field: number, members: number): Float64Array {
    const { at, count } = this.#vector(field, 8 * members);
    const { view } = this.#shared;
    return Float64Array.from({ length: count * members }, (_, k) => safe(view.getBigInt64(at + 8 * k, true)));
  }

  /** A vector of structs of 32-bit words. `words`: words of each struct. */
  words(field: number, words: number): Uint32Array {
    const { at, count } = this.#vector(field, 4 * words);
    const { view } = this.#shared;
    return Uint32Array.from({ length: count * words }, (_, k) => view.getUint32(at + 4 * k, true));
  }

  #place(field: number): number | null {
    const entry = 4 + 2 * field;
    if (entry + 2 > this.#vtableBytes) return null;
    const offset = this.#shared.view.getUint16(this.#vtable + entry, true);
    return offset === 0 ? null : this.#at + offset;
  }

  #target(field: number): number | null {
    const at = this.#place(field);
    return at === null ? null : at + this.#shared.view.getUint32(at, true);
  }

  #vector(field: number, elementBytes: number): { readonly at: number; readonly count: number } {
    const at = this.#target(field);
    if (at === null) return { at: 0, count: 0 };
    const { view } = this.#shared;
    const count = view.getUint32(at, true);
    if (count * elementBytes > view.byteLength - at - 4) throw new RangeError('a list is too long');
    return { at: at + 4, count };
  }
}

function safe(value: bigint): number {
  if (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER) throw new RangeError('a number is too large');
  return Number(value);
}
