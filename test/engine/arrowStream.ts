import { flatBuffer, type FlatNode } from './flatBuffer.ts';

/** A type of Arrow: its number in format/Schema.fbs, and the fields of its table. */
interface ArrowType {
  readonly number: number;
  readonly table?: FlatNode;
  readonly child?: ArrowType;
  /** Number of equal children, if not 1. */
  readonly children?: number;
  /** Id of the dictionary, whose indices are uint8. */
  readonly dictionary?: number;
}

/** What a record batch or a dictionary says. `nodes`: lengths of the columns, parents first. */
interface Batch {
  readonly rows: number;
  readonly nodes: readonly number[];
  /** Offset in the body and length of every buffer. */
  readonly buffers: readonly (readonly [at: number, length: number])[];
  readonly body?: Buffer;
  readonly isZstd?: boolean;
  /** Set for the values of a dictionary. */
  readonly dictionary?: number;
  readonly isDelta?: boolean;
  /** Data buffers of each column of views. */
  readonly views?: number;
}

export const types = {
  null: { number: 1 },
  int64: { number: 2, table: { 0: int32(64), 1: byte(1) } },
  text: { number: 5 },
  emptyStruct: { number: 13 },
  list: (child: ArrowType): ArrowType => ({ number: 12, child }),
  fixedList: (child: ArrowType, size: number): ArrowType => ({ number: 16, child, table: { 0: int32(size) } }),
  textView: { number: 24 },
  runEnds: { number: 22, child: { number: 1 }, children: 2 },
  encoded: (values: ArrowType): ArrowType => ({ ...values, dictionary: 1 }),
} as const;

/**
 * A stream with one schema, whose columns all have the same type, and batches. It may say what no writer says, so that
 * tests can make small files that claim much.
 */
export function arrowStream(type: ArrowType, columns: number, batches: readonly Batch[]): Buffer {
  const schema = message(1, { 1: { list: fieldOf(type), times: columns } }, Buffer.alloc(0));
  return Buffer.concat([schema, ...batches.map(batchMessage)]);
}

function fieldOf({ number, table = {}, child, children = 1, dictionary }: ArrowType): FlatNode {
  return {
    2: byte(number),
    3: { table },
    ...(dictionary === undefined
      ? {}
      : { 4: { table: { 0: int64(dictionary), 1: { table: { 0: int32(8), 1: byte(0) } } } } }),
    ...(child ? { 5: { list: fieldOf(child), times: children } } : {}),
  };
}

function batchMessage({
  rows,
  nodes,
  buffers,
  body = Buffer.alloc(0),
  isZstd,
  dictionary,
  isDelta,
  views,
}: Batch): Buffer {
  const header: FlatNode = {
    0: int64(rows),
    1: { structs: Buffer.concat(nodes.flatMap((length) => [int64(length), int64(0)])), count: nodes.length },
    2: { structs: Buffer.concat(buffers.flatMap(([at, length]) => [int64(at), int64(length)])), count: buffers.length },
    ...(views === undefined ? {} : { 4: { structs: int64(views), count: 1 } }),
    ...(isZstd ? { 3: { table: { 0: byte(1) } } } : {}),
  };
  return dictionary === undefined
    ? message(3, header, body)
    : message(2, { 0: int64(dictionary), 1: { table: header }, 2: byte(isDelta ? 1 : 0) }, body);
}

function message(kind: number, header: FlatNode, body: Buffer): Buffer {
  const metadata = flatBuffer({ 0: Buffer.from([4, 0]), 1: byte(kind), 2: { table: header }, 3: int64(body.length) });
  const head = Buffer.alloc(8, 0xff);
  head.writeInt32LE(metadata.length, 4);
  return Buffer.concat([head, metadata, body]);
}

function byte(value: number): Buffer {
  return Buffer.from([value]);
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

export function int64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(value));
  return bytes;
}
