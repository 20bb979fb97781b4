import {
  Bool,
  DataType,
  Field,
  Float32,
  Float64,
  Int32,
  Int64,
  Precision,
  RecordBatch,
  Schema,
  Struct,
  Table,
  Uint32,
  Uint64,
  Utf8,
  makeData,
  tableFromIPC,
  tableToIPC,
  vectorFromArray,
  type Data,
  type Vector,
} from 'apache-arrow';
import { shortestFloat } from './format.ts';
import { isPlainNumber, type LogicalType } from './type.ts';

/** A cell from the engine: a number for plain numbers, a bigint for int64/uint64, a boolean, else exact text. */
export type CellValue = number | bigint | boolean | string | null;

/** One column of a page before encoding. `lengths`: by row of a clipped text, its full length in characters. */
export interface PageColumn {
  readonly type: LogicalType;
  readonly values: readonly CellValue[];
  readonly lengths?: ReadonlyMap<number, number>;
}

/** Name of the Arrow field with the 0-based row number in the source, for every row of the page. */
const ROW_FIELD = '@row';
const LENGTHS_KEY = 'clipped';

/**
 * Arrow type that carries a logical type exactly: plain numbers and 64-bit integers unchanged, everything else as text.
 */
function arrowTypeOf(type: LogicalType): DataType {
  if (type.kind === 'boolean') return new Bool();
  if (isPlainNumber(type)) {
    if (type.kind === 'float') return type.bits === 32 ? new Float32() : new Float64();
    return type.kind === 'integer' && !type.signed ? new Uint32() : new Int32();
  }
  if (type.kind === 'integer' && type.bits === 64) return type.signed ? new Int64() : new Uint64();
  return new Utf8();
}

/**
 * Encodes a page of `rows.length` rows as an Arrow IPC stream. `rows` are 0-based source row numbers (exact below
 * 2^53). Column k becomes field `c<k>`, so that equal or empty names cannot collide.
 */
export function encodePage(rows: readonly number[], columns: readonly PageColumn[]): Uint8Array {
  const fields: Field[] = [new Field(ROW_FIELD, new Float64(), false)];
  const vectors: Vector<DataType>[] = [vectorFromArray(rows, new Float64())];
  columns.forEach((column, k) => {
    const type = arrowTypeOf(column.type);
    const metadata = new Map<string, string>();
    if (column.lengths && column.lengths.size > 0) metadata.set(LENGTHS_KEY, JSON.stringify([...column.lengths]));
    fields.push(new Field(`c${k}`, type, true, metadata));
    vectors.push(vectorFromArray(column.values, type));
  });
  const schema = new Schema(fields);
  const children = vectors.map((vector) => vector.data[0] ?? emptyData());
  const batch = new RecordBatch(
    schema,
    makeData({ type: new Struct(fields), length: rows.length, nullCount: 0, children }),
  );
  return tableToIPC(new Table(schema, batch), 'stream');
}

/** Data of a vector without chunks. */
function emptyData(): Data {
  return makeData({ type: new Utf8(), length: 0 });
}

/** A decoded page: random access to exact cells. Rows and columns are 0-based within the page. */
export interface DecodedPage {
  readonly length: number;
  readonly width: number;
  /** 0-based row number in the source. */
  sourceRow(row: number): number;
  isNull(row: number, column: number): boolean;
  /** Exact text of a cell, or null for NULL. Floats have the shortest form that parses to the same value. */
  text(row: number, column: number): string | null;
  /** The number of a plain-number cell; null for NULL and for every other type. */
  number(row: number, column: number): number | null;
  /** Full length in characters if the cell was clipped, else null. */
  clipped(row: number, column: number): number | null;
}

/** Keeps a U+FEFF at the beginning of a text, which the library's decoder drops. */
const textDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Decodes a page of `encodePage`.
 * @throws if the bytes are not an Arrow stream
 */
export function decodePage(arrow: Uint8Array): DecodedPage {
  const table = tableFromIPC(arrow);
  const [rowVector, ...vectors] = table.schema.fields.map((_, k) => table.getChildAt(k));
  const lengths = table.schema.fields.slice(1).map((f) => {
    const text = f.metadata.get(LENGTHS_KEY);
    return text === undefined ? null : new Map(JSON.parse(text) as [number, number][]);
  });
  const texts = vectors.map((vector) =>
    vector && DataType.isUtf8(vector.type) ? (vector.data[0] as Data<Utf8>) : null,
  );
  const get = (row: number, column: number): CellValue => {
    const text = texts[column];
    if (!text) return (vectors[column]?.get(row) ?? null) as CellValue;
    const { values, valueOffsets } = text;
    return text.getValid(row) ? textDecoder.decode(values.subarray(valueOffsets[row], valueOffsets[row + 1])) : null;
  };
  return {
    length: table.numRows,
    width: vectors.length,
    sourceRow: (row) => Number(rowVector?.get(row)),
    isNull: (row, column) => get(row, column) === null,
    text: (row, column) => {
      const value = get(row, column);
      if (value === null) return null;
      const type: unknown = table.schema.fields[column + 1]?.type;
      return typeof value === 'number'
        ? shortestFloat(value, DataType.isFloat(type) && type.precision === Precision.SINGLE ? 32 : 64)
        : String(value);
    },
    number: (row, column) => {
      const value = get(row, column);
      return typeof value === 'number' ? value : null;
    },
    clipped: (row, column) => lengths[column]?.get(row) ?? null,
  };
}
