import { BIGINT, DOUBLE, DuckDBDataChunk, INTEGER, LIST, SMALLINT, TINYINT, VARCHAR, type DuckDBAppender, type DuckDBConnection } from '@duckdb/node-api';
import ddb, { type Vector } from '@duckdb/node-bindings';
import { quoteIdentifier } from '../sql/quote.ts';

const types = { int64: BIGINT, int32: INTEGER, int16: SMALLINT, int8: TINYINT, double: DOUBLE, text: VARCHAR } as const;
const widths = { int64: 8, int32: 4, int16: 2, int8: 1, double: 8 } as const;
type Fixed = keyof typeof widths;

/** A column of a table of rows and lists; `list`: each row has as many values as `offsets` says. */
export interface NestedColumn {
  readonly name: string;
  readonly kind: keyof typeof types;
  readonly list: boolean;
}

/** Values of a column from one place on: typed arrays whose elements are as wide as those of the kind (64-bit integers: two words each, low first), or texts; a text that is null is NULL. */
export type NestedValues = Int8Array | Uint8Array | Int16Array | Int32Array | Uint32Array | Float64Array | ((index: number) => string | null);

const rowsPerChunk = 2048;

/** Puts rows with lists into a DuckDB table by copying whole columns. */
export class NestedAppender {
  private constructor(private readonly appender: DuckDBAppender, private readonly chunk: DuckDBDataChunk, private readonly columns: readonly NestedColumn[]) {}

  /** Creates the table. */
  static async create(connection: DuckDBConnection, table: string, columns: readonly NestedColumn[]): Promise<NestedAppender> {
    const typed = columns.map(({ kind, list }) => (list ? LIST(types[kind]) : types[kind]));
    await connection.run(`CREATE TABLE ${quoteIdentifier(table)} (${columns.map(({ name }, k) => `${quoteIdentifier(name)} ${String(typed[k])}`).join(', ')})`);
    return new NestedAppender(await connection.createAppender(table), DuckDBDataChunk.create(typed), columns);
  }

  /**
   * Appends the rows 0 … count − 1.
   * @param offsets values of row k in the lists: offsets[k] … offsets[k + 1] − 1
   * @param values by name of the column
   */
  append(count: number, offsets: Uint32Array, values: Readonly<Record<string, NestedValues>>): void {
    for (let from = 0; from < count; from += rowsPerChunk) {
      const to = Math.min(count, from + rowsPerChunk);
      this.chunk.reset();
      this.chunk.rowCount = to - from;
      this.columns.forEach(({ name, kind, list }, k) => {
        const own = values[name];
        const vector = ddb.data_chunk_get_vector(this.chunk.chunk, k);
        if (own === undefined) throw new Error(`no values of ${name}`);
        if (list) fill(listOf(vector, offsets, from, to), kind, own, offsets[from] ?? 0, offsets[to] ?? 0);
        else fill(vector, kind, own, from, to);
      });
      this.appender.appendDataChunk(this.chunk);
    }
  }

  /** Makes the rows visible to other connections. */
  close(): void {
    this.appender.closeSync();
  }
}

/** Makes the lists of a vector as long as they are to be, and gives the vector of their values. */
function listOf(vector: Vector, offsets: Uint32Array, from: number, to: number): Vector {
  const first = offsets[from] ?? 0;
  const size = (offsets[to] ?? 0) - first;
  ddb.list_vector_reserve(vector, size);
  ddb.list_vector_set_size(vector, size);
  // An offset and a length of 64 bits each, of which the high words stay 0.
  const entries = new Uint32Array(4 * (to - from));
  for (let row = from; row < to; row++) {
    entries[4 * (row - from)] = (offsets[row] ?? 0) - first;
    entries[4 * (row - from) + 2] = (offsets[row + 1] ?? 0) - (offsets[row] ?? 0);
  }
  ddb.copy_data_to_vector(vector, 0, entries.buffer, 0, entries.byteLength);
  return ddb.list_vector_get_child(vector);
}

function fill(vector: Vector, kind: NestedColumn['kind'], values: NestedValues, from: number, to: number): void {
  if (typeof values === 'function') fillTexts(vector, values, from, to);
  else if (kind !== 'text') fillFixed(vector, kind, values, from, to);
}

function fillFixed(vector: Vector, kind: Fixed, values: Exclude<NestedValues, (index: number) => string | null>, from: number, to: number): void {
  const width = widths[kind];
  const start = values.byteOffset + from * width;
  const length = (to - from) * width;
  if (values.buffer instanceof ArrayBuffer) ddb.copy_data_to_vector(vector, 0, values.buffer, start, length);
  // Memory that threads share is no ArrayBuffer.
  else ddb.copy_data_to_vector(vector, 0, new Uint8Array(values.buffer, start, length).slice().buffer, 0, length);
}

function fillTexts(vector: Vector, text: (index: number) => string | null, from: number, to: number): void {
  let valid: Uint8Array<ArrayBuffer> | null = null;
  for (let k = from; k < to; k++) {
    const value = text(k);
    if (value !== null) {
      ddb.vector_assign_string_element(vector, k - from, value);
    } else {
      valid ??= new Uint8Array(Math.ceil((to - from) / 64) * 8).fill(255);
      valid[(k - from) >> 3] = (valid[(k - from) >> 3] ?? 0) & ~(1 << ((k - from) & 7));
    }
  }
  if (valid === null) return;
  ddb.vector_ensure_validity_writable(vector);
  ddb.copy_data_to_vector_validity(vector, 0, valid.buffer, 0, valid.byteLength);
}
