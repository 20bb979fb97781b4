import {
  Binary,
  Bool,
  Data,
  DateDay,
  Decimal,
  Field,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  Int8,
  List,
  Map_,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  TimeMicrosecond,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  TimestampSecond,
  Uint16,
  Uint32,
  Uint64,
  Uint8,
  Utf8,
  type DataType,
} from 'apache-arrow';
import type { LogicalType, TimeUnit } from './type.ts';

/** A column of a record batch in Arrow's layout. */
export interface ArrowColumn {
  readonly length: number;
  readonly nulls: number;
  /** One bit per value, lowest first; 1 means not null. */
  readonly validity: Uint8Array;
  /**
   * Little-endian numbers, 16 bytes per decimal, one bit per boolean, text bytes; empty for lists, structs and maps.
   */
  readonly values: Uint8Array<ArrayBuffer>;
  /** `length` + 1 offsets of texts, binaries, lists and maps; else null. */
  readonly offsets: Int32Array | null;
  /** Items of lists, fields of structs; for maps one struct of key and value. */
  readonly children: readonly ArrowColumn[];
}

export interface ArrowField {
  readonly name: string;
  readonly type: LogicalType;
}

/** True if Arrow has the type; other types are written as text. */
export function hasArrowType(type: LogicalType): boolean {
  switch (type.kind) {
    case 'integer':
      return type.bits <= 64;
    case 'list':
      return type.size === undefined && hasArrowType(type.item);
    case 'struct':
      return type.fields.length > 0 && type.fields.every((field) => hasArrowType(field.type));
    case 'map':
      return hasArrowType(type.key) && hasArrowType(type.value);
    case 'enum':
    case 'uuid':
    case 'interval':
    case 'other':
      return false;
    default:
      return true;
  }
}

/** An Arrow IPC file that is written batch by batch. Only the positions of the batches are kept. */
export class ArrowFile {
  readonly #writer = new CollectingWriter();
  readonly #schema: Schema;

  /** `metadata`: key-values of the schema. */
  constructor(fields: readonly ArrowField[], metadata: Readonly<Record<string, string>>) {
    this.#schema = new Schema(
      fields.map(({ name, type }) => new Field(name, arrowType(type), true)),
      new Map(Object.entries(metadata)),
    );
    this.#writer.reset(undefined, this.#schema);
  }

  /**
   * The bytes of a batch and of all before it. They may share memory with `columns`: write them before columns change.
   */
  batch(columns: readonly ArrowColumn[], rows: number): Uint8Array[] {
    const { fields } = this.#schema;
    const children = columns.map((column, k) => dataOf(typeOf(fields[k]), column));
    this.#writer.write(new RecordBatch(this.#schema, new Data(new Struct(fields), 0, rows, 0, undefined, children)));
    return this.#writer.take();
  }

  /** The bytes that end the file. */
  end(): Uint8Array[] {
    this.#writer.close();
    return this.#writer.take();
  }
}

/** Collects the written bytes, so that the caller can wait for the disk before the next batch. */
class CollectingWriter extends RecordBatchFileWriter {
  #bytes: Uint8Array[] = [];

  take(): Uint8Array[] {
    const bytes = this.#bytes;
    this.#bytes = [];
    return bytes;
  }

  protected override _write(chunk: unknown): this {
    if (!this._started || !ArrayBuffer.isView(chunk) || chunk.byteLength === 0) return this;
    this.#bytes.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    this._position += chunk.byteLength;
    return this;
  }
}

const timestamps: { readonly [U in TimeUnit]: new (timezone?: string | null) => DataType } = {
  s: TimestampSecond,
  ms: TimestampMillisecond,
  us: TimestampMicrosecond,
  ns: TimestampNanosecond,
};
const integers = { 8: [Uint8, Int8], 16: [Uint16, Int16], 32: [Uint32, Int32], 64: [Uint64, Int64] } as const;

function arrowType(type: LogicalType): DataType {
  switch (type.kind) {
    case 'boolean':
      return new Bool();
    case 'integer':
      return type.bits === 128 ? new Utf8() : new integers[type.bits][type.signed ? 1 : 0]();
    case 'float':
      return type.bits === 32 ? new Float32() : new Float64();
    case 'decimal':
      return new Decimal(type.scale, type.precision, 128);
    case 'binary':
      return new Binary();
    case 'date':
      return new DateDay();
    case 'time':
      return new TimeMicrosecond();
    case 'timestamp':
      return new timestamps[type.unit](type.zoned ? 'UTC' : null);
    case 'list':
      return new List(new Field('item', arrowType(type.item), true));
    case 'struct':
      return new Struct(fieldsOf(type.fields));
    case 'map':
      return new Map_(
        new Field(
          'entries',
          new Struct<{ key: DataType; value: DataType }>([
            new Field('key', arrowType(type.key), false),
            new Field('value', arrowType(type.value), true),
          ]),
          false,
        ),
      );
    default:
      return new Utf8();
  }
}

function fieldsOf(fields: readonly ArrowField[]): Field[] {
  return fields.map(({ name, type }) => new Field(name, arrowType(type), true));
}

/** The type of a `Field` is declared as `any`. */
function typeOf(field: Field | undefined): DataType {
  return (field?.type as DataType | undefined) ?? new Utf8();
}

function dataOf(type: DataType, { length, nulls, validity, values, offsets, children }: ArrowColumn): Data {
  const inner = type.children as readonly Field[] | undefined;
  const view = type.ArrayType as unknown as {
    readonly BYTES_PER_ELEMENT?: number;
    new (buffer: ArrayBuffer, from: number, count: number): Uint8Array;
  };
  const buffer =
    children.length > 0
      ? new Uint8Array(0)
      : new view(values.buffer, values.byteOffset, Math.floor(values.byteLength / (view.BYTES_PER_ELEMENT ?? 1)));
  return new Data(
    type,
    0,
    length,
    nulls,
    [offsets ?? new Int32Array(0), buffer, nulls === 0 ? new Uint8Array(0) : validity],
    children.map((child, k) => dataOf(typeOf(inner?.[k]), child)),
  );
}
