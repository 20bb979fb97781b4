import { DuckDBTypeId, type DuckDBDataChunk } from '@duckdb/node-api';
import ddb, { type Vector } from '@duckdb/node-bindings';
import { u8At, valueAt } from '../../core/valueAt.ts';

type Values =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;
type ValuesOf = new (buffer: ArrayBufferLike, byteOffset: number, length: number) => Values;

/** Number types that fit into a double, with the typed array of their memory layout. */
const numeric: ReadonlyMap<number, ValuesOf & { readonly BYTES_PER_ELEMENT: number }> = new Map<
  number,
  ValuesOf & { readonly BYTES_PER_ELEMENT: number }
>([
  [DuckDBTypeId.DOUBLE, Float64Array],
  [DuckDBTypeId.FLOAT, Float32Array],
  [DuckDBTypeId.INTEGER, Int32Array],
  [DuckDBTypeId.UINTEGER, Uint32Array],
  [DuckDBTypeId.SMALLINT, Int16Array],
  [DuckDBTypeId.USMALLINT, Uint16Array],
  [DuckDBTypeId.TINYINT, Int8Array],
  [DuckDBTypeId.UTINYINT, Uint8Array],
]);
const boolean: number = DuckDBTypeId.BOOLEAN;
const bigint: number = DuckDBTypeId.BIGINT;
const text: number = DuckDBTypeId.VARCHAR;
/** Bytes of a text in a vector: its length in 4 bytes, and the text itself if the others are enough for it. */
const INLINE_WIDTH = 16;
const wide: ReadonlySet<number> = new Set<number>([DuckDBTypeId.BIGINT, DuckDBTypeId.UBIGINT]);

/**
 * A complete result stored by column, for results with many rows: no object per row. Columns are addressed by position.
 */
export class Columnar {
  readonly rows: number;
  /** Index of the first row of each chunk. */
  readonly #starts: readonly number[];

  constructor(private readonly chunks: readonly DuckDBDataChunk[]) {
    let rows = 0;
    this.#starts = chunks.map(({ rowCount }) => (rows += rowCount) - rowCount);
    this.rows = rows;
  }

  /** Numbers of any type except 64-bit integers. NULL is NaN. */
  numbers(column: number): Float64Array<ArrayBuffer> {
    const all = new Float64Array(this.rows).fill(NaN);
    this.#numbers(column, all, NaN);
    return all;
  }

  /** Integers from 0 to 2^32 − 1. NULL is 0. */
  unsigned(column: number): Uint32Array<ArrayBuffer> {
    const all = new Uint32Array(this.rows);
    this.#numbers(column, all, 0);
    return all;
  }

  /** Integers from 0 to 255. NULL is `none`. */
  bytes(column: number, none: number): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(this.rows);
    this.#numbers(column, all, none);
    return all;
  }

  /** Booleans as 1 and 0. NULL is 0. */
  flags(column: number): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(this.rows);
    this.#each(column, (vector, type, from, count) => {
      if (type !== boolean) return;
      all.set(ddb.vector_get_data(vector, count), from);
      whereNull(vector, count, (row) => {
        all[from + row] = 0;
      });
    });
    return all;
  }

  /** 64-bit integers as two words each, low word first. NULL is 0. */
  words(column: number): Uint32Array<ArrayBuffer> {
    const all = new Uint32Array(2 * this.rows);
    this.#each(column, (vector, type, from, count) => {
      if (!wide.has(type)) return;
      const data = ddb.vector_get_data(vector, 8 * count);
      all.set(new Uint32Array(data.buffer, data.byteOffset, 2 * count), 2 * from);
      whereNull(vector, count, (row) => {
        all.fill(0, 2 * (from + row), 2 * (from + row) + 2);
      });
    });
    return all;
  }

  /** 64-bit integers as two words each, low word first, by chunk and not copied. NULL is any number. */
  *wordChunks(column: number): Generator<Uint32Array, void, void> {
    for (const { chunk, rowCount } of this.chunks) {
      const vector = ddb.data_chunk_get_vector(chunk, column);
      if (rowCount === 0 || !wide.has(ddb.get_type_id(ddb.vector_get_column_type(vector)))) continue;
      const data = ddb.vector_get_data(vector, 8 * rowCount);
      yield new Uint32Array(data.buffer, data.byteOffset, 2 * rowCount);
    }
  }

  /** Values of any type with a fixed width, as their bytes in DuckDB; `isNull`: 1 for each NULL. */
  fixed(column: number, width: number): { readonly bytes: Uint8Array<ArrayBuffer>; readonly isNull: Uint8Array } {
    const bytes = new Uint8Array(width * this.rows);
    const isNull = new Uint8Array(this.rows);
    this.#each(column, (vector, _, from, count) => {
      bytes.set(ddb.vector_get_data(vector, width * count), width * from);
      whereNull(vector, count, (row) => {
        isNull[from + row] = 1;
      });
    });
    return { bytes, isNull };
  }

  /** Texts, and 64-bit integers as their decimal texts, which is much faster than texts of such integers. */
  texts(column: number): (string | null)[] {
    const all = new Array<string | null>(this.rows).fill(null);
    this.#each(column, (vector, type, from, count, chunk) => {
      const width = type === text ? INLINE_WIDTH : 8;
      if (type !== text && type !== bigint) return;
      const data = ddb.vector_get_data(vector, width * count);
      const bytes = Buffer.from(data.buffer, data.byteOffset, width * count);
      const integers = type === bigint ? new BigInt64Array(data.buffer, data.byteOffset, count) : null;
      const long = integers ? null : chunk.getColumnVector(column);
      for (let row = 0; row < count; row++) {
        const length = integers ? 0 : bytes.readUInt32LE(INLINE_WIDTH * row);
        // Rows with the same id often follow each other.
        if (integers)
          all[from + row] =
            row > 0 && integers[row] === integers[row - 1] ? valueAt(all, from + row - 1) : String(integers[row]);
        else if (length <= INLINE_WIDTH - 4)
          all[from + row] = bytes.toString('utf8', INLINE_WIDTH * row + 4, INLINE_WIDTH * row + 4 + length);
        else all[from + row] = String(long?.getItem(row));
      }
      whereNull(vector, count, (row) => {
        all[from + row] = null;
      });
    });
    return all;
  }

  /** The text of one row, for columns of which only a few rows are read. */
  text(column: number, row: number): string | null {
    let [low, high] = [0, this.#starts.length];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (valueAt(this.#starts, middle) <= row) low = middle;
      else high = middle;
    }
    const value = this.chunks[low]?.getColumnVector(column).getItem(row - valueAt(this.#starts, low));
    return typeof value === 'string' ? value : null;
  }

  #numbers(column: number, all: Float64Array | Uint32Array | Uint8Array, none: number): void {
    this.#each(column, (vector, type, from, count) => {
      const Type = numeric.get(type);
      if (!Type) return;
      const data = ddb.vector_get_data(vector, count * Type.BYTES_PER_ELEMENT);
      all.set(new Type(data.buffer, data.byteOffset, count), from);
      whereNull(vector, count, (row) => {
        all[from + row] = none;
      });
    });
  }

  #each(
    column: number,
    take: (vector: Vector, type: number, from: number, count: number, chunk: DuckDBDataChunk) => void,
  ): void {
    this.chunks.forEach((chunk, k) => {
      const { rowCount } = chunk;
      const vector = ddb.data_chunk_get_vector(chunk.chunk, column);
      if (rowCount > 0)
        take(vector, ddb.get_type_id(ddb.vector_get_column_type(vector)), valueAt(this.#starts, k), rowCount, chunk);
    });
  }
}

function whereNull(vector: Vector, count: number, take: (row: number) => void): void {
  const valid = ddb.vector_get_validity(vector, Math.ceil(count / 64) * 8) as Uint8Array | null;
  if (valid === null) return;
  for (let byte = 0; 8 * byte < count; byte++) {
    const bits = u8At(valid, byte);
    if (bits === 255) continue;
    for (let row = 8 * byte; row < Math.min(count, 8 * byte + 8); row++) if ((bits & (1 << (row & 7))) === 0) take(row);
  }
}
