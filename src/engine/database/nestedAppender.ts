import {
  BIGINT,
  DOUBLE,
  DuckDBDataChunk,
  INTEGER,
  LIST,
  SMALLINT,
  TINYINT,
  VARCHAR,
  type DuckDBAppender,
  type DuckDBConnection,
  type DuckDBType,
} from '@duckdb/node-api';
import ddb, { type Vector } from '@duckdb/node-bindings';
import { u32At, u8At } from '../../core/valueAt.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { fixedWidth } from './fixedWidth.ts';

const types = { int64: BIGINT, int32: INTEGER, int16: SMALLINT, int8: TINYINT, double: DOUBLE, text: VARCHAR } as const;

/** A column of a table of rows and lists. With `list`, `offsets` defines the number of values of each row. */
export interface NestedColumn {
  readonly name: string;
  /** A type of DuckDB is text or has a fixed width. */
  readonly kind: keyof typeof types | DuckDBType;
  readonly list: boolean;
}

/**
 * Values of a column, starting at one position. Typed arrays have elements as wide as the column's kind; a 64-bit
 * integer is two words, low word first. For texts, a function returns the text; null is NULL.
 */
export type NestedValues = FixedValues | NullableValues | ((index: number) => string | null);
/** Values of a list column with offsets of its own: row k has the values offsets[k] … offsets[k + 1] − 1. */
export interface ListValues {
  readonly offsets: Uint32Array;
  readonly elements: NestedValues;
}
type FixedValues = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | Float64Array;
/** `isNull`: one element per value; 1 is NULL. */
export interface NullableValues {
  readonly values: FixedValues;
  readonly isNull: Uint8Array;
}

const rowsPerChunk = 2048;

/** Creates a table with such columns. */
export async function createNested(
  connection: DuckDBConnection,
  table: string,
  columns: readonly NestedColumn[],
): Promise<void> {
  await connection.run(
    `CREATE TABLE ${quoteIdentifier(table)} (${columns.map((column) => `${quoteIdentifier(column.name)} ${String(typeOf(column))}`).join(', ')})`,
  );
}

/** Appends rows with lists to a DuckDB table by copying whole columns. */
export class NestedAppender {
  readonly #chunk: DuckDBDataChunk;

  private constructor(
    private readonly appender: DuckDBAppender,
    private readonly columns: readonly NestedColumn[],
  ) {
    this.#chunk = DuckDBDataChunk.create(columns.map(typeOf));
  }

  /** @param table made by `createNested` */
  static async open(
    connection: DuckDBConnection,
    table: string,
    columns: readonly NestedColumn[],
  ): Promise<NestedAppender> {
    return new NestedAppender(await connection.createAppender(table), columns);
  }

  /**
   * Appends the rows first … end − 1.
   * @param offsets row k has the list values offsets[k] … offsets[k + 1] − 1, in lists without offsets of their own
   * @param values by column name
   */
  append(
    first: number,
    end: number,
    offsets: Uint32Array,
    values: Readonly<Record<string, NestedValues | ListValues>>,
  ): void {
    for (let from = first; from < end; from += rowsPerChunk) {
      const to = Math.min(end, from + rowsPerChunk);
      this.#chunk.reset();
      this.#chunk.rowCount = to - from;
      const entries = entriesOf(offsets, from, to);
      this.columns.forEach(({ name, kind, list }, k) => {
        const column = values[name];
        const vector = ddb.data_chunk_get_vector(this.#chunk.chunk, k);
        if (column === undefined) throw new Error(`no values of ${name}`);
        const hasOffsets = typeof column === 'object' && 'offsets' in column;
        const elements = hasOffsets ? column.elements : column;
        if (!list) {
          fill(vector, kind, elements, from, to);
          return;
        }
        const ends = hasOffsets ? column.offsets : offsets;
        const [start, stop] = [u32At(ends, from), u32At(ends, to)];
        ddb.list_vector_reserve(vector, stop - start);
        ddb.list_vector_set_size(vector, stop - start);
        const places = hasOffsets ? entriesOf(ends, from, to) : entries;
        ddb.copy_data_to_vector(vector, 0, places, 0, places.byteLength);
        fill(ddb.list_vector_get_child(vector), kind, elements, start, stop);
      });
      this.appender.appendDataChunk(this.#chunk);
    }
  }

  /** Makes the rows visible to other connections. */
  close(): void {
    this.appender.closeSync();
  }
}

function typeOf({ kind, list }: NestedColumn): DuckDBType {
  return list ? LIST(typeOfValue(kind)) : typeOfValue(kind);
}

function typeOfValue(kind: NestedColumn['kind']): DuckDBType {
  return typeof kind === 'string' ? types[kind] : kind;
}

/**
 * Positions of the lists of some rows in the vector of their values. Each entry is a 64-bit offset and a 64-bit length;
 * the high words stay 0.
 */
function entriesOf(offsets: Uint32Array, from: number, to: number): ArrayBuffer {
  const entries = new Uint32Array(4 * (to - from));
  const first = u32At(offsets, from);
  for (let row = from; row < to; row++) {
    entries[4 * (row - from)] = u32At(offsets, row) - first;
    entries[4 * (row - from) + 2] = u32At(offsets, row + 1) - u32At(offsets, row);
  }
  return entries.buffer;
}

function fill(vector: Vector, kind: NestedColumn['kind'], values: NestedValues, from: number, to: number): void {
  if (typeof values === 'function') {
    fillTexts(vector, values, from, to);
    return;
  }
  const width = fixedWidth(typeOfValue(kind));
  if (width === null) return;
  if (!('isNull' in values)) {
    fillFixed(vector, width, values, from, to);
    return;
  }
  fillFixed(vector, width, values.values, from, to);
  let valid: ValidBits | null = null;
  for (let k = from; k < to; k++)
    if (u8At(values.isNull, k) === 1) (valid ??= new ValidBits(to - from)).clear(k - from);
  valid?.copyTo(vector);
}

/** One bit per value: 0 is NULL. */
class ValidBits {
  readonly #bytes: Uint8Array<ArrayBuffer>;

  constructor(count: number) {
    this.#bytes = new Uint8Array(Math.ceil(count / 64) * 8).fill(255);
  }

  clear(k: number): void {
    this.#bytes[k >> 3] = u8At(this.#bytes, k >> 3) & ~(1 << (k & 7));
  }

  copyTo(vector: Vector): void {
    ddb.vector_ensure_validity_writable(vector);
    ddb.copy_data_to_vector_validity(vector, 0, this.#bytes.buffer, 0, this.#bytes.byteLength);
  }
}

/**
 * Shared memory is no ArrayBuffer, so it is copied through this buffer. A new buffer per copy would keep the garbage
 * collector busy.
 */
let passage = new Uint8Array(0);

function fillFixed(vector: Vector, width: number, values: FixedValues, from: number, to: number): void {
  const start = values.byteOffset + from * width;
  const length = (to - from) * width;
  if (values.buffer instanceof ArrayBuffer) {
    ddb.copy_data_to_vector(vector, 0, values.buffer, start, length);
    return;
  }
  if (passage.length < length) passage = new Uint8Array(2 * length);
  passage.set(new Uint8Array(values.buffer, start, length));
  ddb.copy_data_to_vector(vector, 0, passage.buffer, 0, length);
}

function fillTexts(vector: Vector, text: (index: number) => string | null, from: number, to: number): void {
  let valid: ValidBits | null = null;
  for (let k = from; k < to; k++) {
    const value = text(k);
    if (value !== null) ddb.vector_assign_string_element(vector, k - from, value);
    else (valid ??= new ValidBits(to - from)).clear(k - from);
  }
  valid?.copyTo(vector);
}
