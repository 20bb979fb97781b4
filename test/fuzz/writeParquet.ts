import {
  integer,
  struct,
  structs,
  text,
  writeCompact,
  type CompactStruct,
  type CompactValue,
} from '../../src/engine/parquet/compactStruct.ts';

/** A struct, or values of a physical type with its annotation. No value is null. */
export type ParquetField =
  | { readonly name: string; readonly fields: readonly ParquetField[] }
  | { readonly name: string; readonly kind: ParquetKind; readonly values: readonly (bigint | string)[] }
  /** The same value in a list of `times` in each row, or in each row if null. */
  | {
      readonly name: string;
      readonly kind: ParquetKind;
      readonly repeated: bigint | string;
      readonly times: number | null;
    };

/** Physical type, and the converted and logical type. */
interface Kind {
  readonly physical: number;
  readonly converted?: number;
  readonly logical?: CompactStruct;
}

const fields = (...all: readonly (readonly [number, CompactValue])[]): CompactStruct => new Map(all);
const i32 = (value: number): CompactValue => ({ type: 5, value: BigInt(value) });
const empty = struct(new Map());
/** TIME or TIMESTAMP. @param unit 1: milliseconds, 2: microseconds, 3: nanoseconds */
const clock = (id: 7 | 8, utc: boolean, unit: 1 | 2 | 3): CompactStruct =>
  fields([id, struct(fields([1, { type: utc ? 1 : 2 }], [2, struct(fields([unit, empty]))]))]);

const [INT32, INT64, BYTE_ARRAY] = [1, 2, 6];
const kinds = {
  int32: { physical: INT32 },
  int64: { physical: INT64 },
  text: { physical: BYTE_ARRAY, converted: 0, logical: fields([1, empty]) },
  date: { physical: INT32, converted: 6, logical: fields([6, empty]) },
  'time-ms': { physical: INT32, logical: clock(7, false, 1) },
  'time-us': { physical: INT64, logical: clock(7, false, 2) },
  'time-ns': { physical: INT64, logical: clock(7, false, 3) },
  'timetz-us': { physical: INT64, logical: clock(7, true, 2) },
  'timestamp-ms': { physical: INT64, logical: clock(8, false, 1) },
  'timestamp-us': { physical: INT64, logical: clock(8, false, 2) },
  'timestamp-ns': { physical: INT64, logical: clock(8, false, 3) },
  'timestamptz-ms': { physical: INT64, logical: clock(8, true, 1) },
  'timestamptz-us': { physical: INT64, logical: clock(8, true, 2) },
  'timestamptz-ns': { physical: INT64, logical: clock(8, true, 3) },
} satisfies Record<string, Kind>;
export type ParquetKind = keyof typeof kinds;

interface Chunk {
  readonly bytes: Uint8Array;
  readonly meta: CompactStruct;
}

/** A file of one row group with plain, uncompressed pages, for names, values and counts that no writer writes. */
export function writeParquet(rows: number, columns: readonly ParquetField[]): Uint8Array {
  const magic = new TextEncoder().encode('PAR1');
  const schema: CompactStruct[] = [fields([4, text('root')], [5, i32(columns.length)])];
  const parts: Uint8Array[] = [magic];
  let at = magic.length;
  const chunks: CompactStruct[] = [];
  const add = (field: ParquetField, path: readonly string[]): void => {
    const inside = [...path, field.name];
    const required = [3, i32(0)] as const;
    if ('fields' in field) {
      schema.push(fields(required, [4, text(field.name)], [5, i32(field.fields.length)]));
      for (const one of field.fields) add(one, inside);
      return;
    }
    const isList = 'repeated' in field && field.times !== null;
    const leaf = isList ? [...inside, 'list', 'element'] : inside;
    if (isList)
      schema.push(
        fields(required, [4, text(field.name)], [5, i32(1)], [6, i32(3)]),
        fields([3, i32(2)], [4, text('list')], [5, i32(1)]),
      );
    const { physical, converted, logical }: Kind = kinds[field.kind];
    schema.push(
      fields(
        [1, i32(physical)],
        required,
        [4, text(leaf.at(-1) ?? '')],
        ...(converted === undefined ? [] : [[6, i32(converted)] as const]),
        ...(logical === undefined ? [] : [[10, struct(logical)] as const]),
      ),
    );
    const { bytes, meta } = chunk(field, physical, leaf, rows, at);
    parts.push(bytes);
    at += bytes.length;
    chunks.push(fields([2, integer(0n)], [3, struct(meta)]));
  };
  for (const column of columns) add(column, []);
  const footer = writeCompact(
    fields(
      [1, i32(1)],
      [2, structs(schema)],
      [3, integer(BigInt(rows))],
      [4, structs([fields([1, structs(chunks)], [2, integer(BigInt(at))], [3, integer(BigInt(rows))])])],
    ),
  );
  const end = Buffer.alloc(4);
  end.writeUInt32LE(footer.length);
  return Buffer.concat([...parts, footer, end, magic]);
}

/** A column chunk, which begins at `at`. */
function chunk(
  field: Exclude<ParquetField, { readonly fields: unknown }>,
  physical: number,
  path: readonly string[],
  rows: number,
  at: number,
): Chunk {
  const plain = (value: bigint | string): Uint8Array => encode(value, physical);
  const times = 'repeated' in field ? (field.times ?? 1) : 1;
  const count = rows * times;
  const dictionary = 'repeated' in field ? page(2, plain(field.repeated), [7, fields([1, i32(1)], [2, i32(0)])]) : null;
  const levels =
    'repeated' in field && field.times !== null
      ? [sized(...Array.from({ length: rows }, () => [run(1, 0), run(times - 1, 1)]).flat()), sized(run(count, 1))]
      : [];
  const values = 'repeated' in field ? [Uint8Array.of(1), run(count, 0)] : field.values.map(plain);
  const encoding = dictionary === null ? 0 : 8;
  const data = page(0, Buffer.concat([...levels, ...values]), [
    5,
    fields([1, i32(count)], [2, i32(encoding)], [3, i32(3)], [4, i32(3)]),
  ]);
  const bytes = Buffer.concat([dictionary ?? new Uint8Array(), data]);
  const offset = [9, integer(BigInt(at + (dictionary?.length ?? 0)))] as const;
  return {
    bytes,
    meta: fields(
      [1, i32(physical)],
      [2, { type: 9, of: 5, items: [0, 3, encoding].map(i32) }],
      [3, { type: 9, of: 8, items: path.map(text) }],
      [4, i32(0)],
      [5, integer(BigInt(count))],
      [6, integer(BigInt(bytes.length))],
      [7, integer(BigInt(bytes.length))],
      offset,
      ...(dictionary === null ? [] : [[11, integer(BigInt(at))] as const]),
    ),
  };
}

function page(type: number, content: Uint8Array, head: readonly [number, CompactStruct]): Uint8Array {
  const header = fields([1, i32(type)], [2, i32(content.length)], [3, i32(content.length)], [head[0], struct(head[1])]);
  return Buffer.concat([writeCompact(header), content]);
}

function encode(value: bigint | string, physical: number): Uint8Array {
  const bytes = typeof value === 'string' ? Buffer.from(value) : Buffer.alloc(physical === INT32 ? 4 : 8);
  if (typeof value === 'string') return sized(bytes);
  if (physical === INT32) bytes.writeInt32LE(Number(BigInt.asIntN(32, value)));
  else bytes.writeBigInt64LE(BigInt.asIntN(64, value));
  return bytes;
}

/** With its length before it. */
function sized(...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  const head = Buffer.alloc(4);
  head.writeUInt32LE(content.length);
  return Buffer.concat([head, content]);
}

/** A run of a level or an index of one bit. */
function run(count: number, value: 0 | 1): Uint8Array {
  const bytes: number[] = [];
  let left = BigInt(count) << 1n;
  for (; left > 127n; left >>= 7n) bytes.push(Number(left & 127n) | 128);
  return count === 0 ? new Uint8Array() : Uint8Array.of(...bytes, Number(left), value);
}
