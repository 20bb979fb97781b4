import ddb, { type Vector } from '@duckdb/node-bindings';
import type { ArrowColumn } from '../../core/table/arrowFile.ts';
import type { LogicalType } from '../../core/table/type.ts';
import { i32At, u8At } from '../../core/valueAt.ts';
import { GrowingBits, GrowingBytes } from './bytes.ts';

/** Collects values of DuckDB's vectors in the memory layout of Arrow. */
export abstract class ColumnBuilder {
  readonly #validity = new GrowingBits();
  #nulls = 0;

  /**
   * Appends `count` values of a vector, starting at position `from`.
   * @param within whether the parent value of a row exists; without it, all children of the row are NULL
   */
  append(vector: Vector, from: number, count: number, within: (row: number) => boolean = () => true): void {
    const words = 8 * Math.ceil((from + count) / 64);
    // Null if every row is valid.
    const validity = ddb.vector_get_validity(vector, words) as Uint8Array | null;
    const valid = (row: number): boolean =>
      within(row) && (validity === null || (u8At(validity, row >> 3) & (1 << (row & 7))) !== 0);
    for (let row = from; row < from + count; row++) {
      const there = valid(row);
      this.#validity.push(there);
      if (!there) this.#nulls++;
    }
    this.take(vector, from, count, valid);
  }

  /** The values in the layout of Arrow. The memory belongs to the builder and is valid until it is cleared. */
  column(): ArrowColumn {
    return { length: this.#validity.length, nulls: this.#nulls, validity: this.#validity.filled, ...this.parts() };
  }

  clear(): void {
    this.#validity.clear();
    this.#nulls = 0;
    this.empty();
  }

  abstract readonly bytes: number;
  /**
   * Bytes of a NULL are whatever memory held. They are never copied, otherwise equal tables would give different files.
   */
  protected abstract take(vector: Vector, from: number, count: number, valid: (row: number) => boolean): void;
  protected abstract parts(): Pick<ArrowColumn, 'values' | 'offsets' | 'children'>;
  protected abstract empty(): void;
}

const nothing = new Uint8Array(0);

/** Values of fixed width, with the same layout in DuckDB and Arrow. */
class FixedBuilder extends ColumnBuilder {
  readonly #values = new GrowingBytes();

  constructor(private readonly width: number) {
    super();
  }

  get bytes(): number {
    return this.#values.length;
  }

  protected take(vector: Vector, from: number, count: number, valid: (row: number) => boolean): void {
    const at = this.#values.length;
    this.#values.append(ddb.vector_get_data(vector, (from + count) * this.width).subarray(from * this.width));
    for (let k = 0; k < count; k++)
      if (!valid(from + k)) this.#values.all.fill(0, at + k * this.width, at + (k + 1) * this.width);
  }

  protected parts(): Pick<ArrowColumn, 'values' | 'offsets' | 'children'> {
    return { values: this.#values.filled, offsets: null, children: [] };
  }

  protected empty(): void {
    this.#values.clear();
  }
}

/** Decimals. DuckDB stores them in as few bytes as their digits need, Arrow in 16 bytes. */
class DecimalBuilder extends ColumnBuilder {
  readonly #values = new GrowingBytes();

  constructor(private readonly width: 2 | 4 | 8) {
    super();
  }

  get bytes(): number {
    return this.#values.length;
  }

  protected take(vector: Vector, from: number, count: number, valid: (row: number) => boolean): void {
    const data = ddb.vector_get_data(vector, (from + count) * this.width);
    const own = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const at = this.#values.reserve(16 * count);
    const all = new DataView(this.#values.all.buffer);
    for (let k = 0; k < count; k++) {
      const place = (from + k) * this.width;
      const value = !valid(from + k)
        ? 0n
        : this.width === 8
          ? own.getBigInt64(place, true)
          : BigInt(this.width === 4 ? own.getInt32(place, true) : own.getInt16(place, true));
      all.setBigInt64(at + 16 * k, value, true);
      all.setBigInt64(at + 16 * k + 8, value < 0n ? -1n : 0n, true);
    }
  }

  protected parts(): Pick<ArrowColumn, 'values' | 'offsets' | 'children'> {
    return { values: this.#values.filled, offsets: null, children: [] };
  }

  protected empty(): void {
    this.#values.clear();
  }
}

class BooleanBuilder extends ColumnBuilder {
  readonly #bits = new GrowingBits();

  get bytes(): number {
    return this.#bits.length / 8;
  }

  protected take(vector: Vector, from: number, count: number, valid: (row: number) => boolean): void {
    const data = ddb.vector_get_data(vector, from + count);
    for (let row = from; row < from + count; row++) this.#bits.push(valid(row) && data[row] === 1);
  }

  protected parts(): Pick<ArrowColumn, 'values' | 'offsets' | 'children'> {
    return { values: this.#bits.filled, offsets: null, children: [] };
  }

  protected empty(): void {
    this.#bits.clear();
  }
}

/** End offsets of texts, binaries and lists. */
class Ends {
  #ends = new Int32Array(1025);
  #count = 0;

  push(length: number): void {
    if (this.#count + 1 === this.#ends.length) {
      const grown = new Int32Array(2 * this.#ends.length);
      grown.set(this.#ends);
      this.#ends = grown;
    }
    const end = i32At(this.#ends, this.#count) + length;
    if (end > MAX_BATCH_BYTES) throw new RangeError('more than 2 GiB in one batch');
    this.#ends[++this.#count] = end;
  }

  get filled(): Int32Array {
    return this.#ends.subarray(0, this.#count + 1);
  }

  get bytes(): number {
    return 4 * this.#count;
  }

  clear(): void {
    this.#count = 0;
  }
}
/** Arrow counts the bytes of the texts of a batch in 32 bits. */
const MAX_BATCH_BYTES = 2 ** 31 - 1;

/**
 * Texts and binaries. DuckDB stores each in 16 bytes: the length, then up to 12 bytes, or 4 bytes and a pointer to all.
 */
class BytesBuilder extends ColumnBuilder {
  readonly #values = new GrowingBytes();
  readonly #ends = new Ends();

  get bytes(): number {
    return this.#values.length + this.#ends.bytes;
  }

  protected take(vector: Vector, from: number, count: number, valid: (row: number) => boolean): void {
    const data = ddb.vector_get_data(vector, 16 * (from + count));
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    for (let row = from; row < from + count; row++) {
      const length = valid(row) ? view.getUint32(16 * row, true) : 0;
      this.#ends.push(length);
      if (length > 12)
        this.#values.append(
          ddb.get_data_from_pointer(data.buffer as ArrayBuffer, data.byteOffset + 16 * row + 8, length),
        );
      else if (length > 0) this.#values.append(data.subarray(16 * row + 4, 16 * row + 4 + length));
    }
  }

  protected parts(): Pick<ArrowColumn, 'values' | 'offsets' | 'children'> {
    return { values: this.#values.filled, offsets: this.#ends.filled, children: [] };
  }

  protected empty(): void {
    this.#values.clear();
    this.#ends.clear();
  }
}

/** Lists, and maps as lists of keys and values. */
class ListBuilder extends ColumnBuilder {
  readonly #ends = new Ends();

  constructor(private readonly items: ColumnBuilder) {
    super();
  }

  get bytes(): number {
    return this.items.bytes + this.#ends.bytes;
  }

  protected take(vector: Vector, from: number, count: number, valid: (row: number) => boolean): void {
    const data = ddb.vector_get_data(vector, 16 * (from + count));
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const child = ddb.list_vector_get_child(vector);
    // List entries are usually contiguous, so they are copied together.
    let [start, end] = [0, 0];
    const flush = (): void => {
      if (end > start) this.items.append(child, start, end - start);
    };
    for (let row = from; row < from + count; row++) {
      const length = valid(row) ? Number(view.getBigUint64(16 * row + 8, true)) : 0;
      this.#ends.push(length);
      if (length === 0) continue;
      const first = Number(view.getBigUint64(16 * row, true));
      if (first !== end) {
        flush();
        start = first;
      }
      end = first + length;
    }
    flush();
  }

  protected parts(): Pick<ArrowColumn, 'values' | 'offsets' | 'children'> {
    return { values: nothing, offsets: this.#ends.filled, children: [this.items.column()] };
  }

  protected empty(): void {
    this.#ends.clear();
    this.items.clear();
  }
}

class StructBuilder extends ColumnBuilder {
  constructor(private readonly fields: readonly ColumnBuilder[]) {
    super();
  }

  get bytes(): number {
    return this.fields.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  protected take(vector: Vector, from: number, count: number, valid: (row: number) => boolean): void {
    this.fields.forEach((field, k) => {
      field.append(ddb.struct_vector_get_child(vector, k), from, count, valid);
    });
  }

  protected parts(): Pick<ArrowColumn, 'values' | 'offsets' | 'children'> {
    return { values: nothing, offsets: null, children: this.fields.map((field) => field.column()) };
  }

  protected empty(): void {
    for (const field of this.fields) field.clear();
  }
}

/** A builder for a type that `inArrow` accepts. */
export function columnBuilder(type: LogicalType): ColumnBuilder {
  switch (type.kind) {
    case 'boolean':
      return new BooleanBuilder();
    case 'integer':
    case 'float':
      return new FixedBuilder(type.bits / 8);
    case 'decimal':
      return type.precision > 18
        ? new FixedBuilder(16)
        : new DecimalBuilder(type.precision > 9 ? 8 : type.precision > 4 ? 4 : 2);
    case 'date':
      return new FixedBuilder(4);
    case 'time':
    case 'timestamp':
      return new FixedBuilder(8);
    case 'list':
      return new ListBuilder(columnBuilder(type.item));
    case 'struct':
      return new StructBuilder(type.fields.map((field) => columnBuilder(field.type)));
    case 'map':
      return new ListBuilder(new StructBuilder([columnBuilder(type.key), columnBuilder(type.value)]));
    default:
      return new BytesBuilder();
  }
}
