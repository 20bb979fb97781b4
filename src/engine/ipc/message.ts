import type { FileHandle } from 'node:fs/promises';
import { message } from '../../core/message/message.ts';
import { readBytes } from './fileBytes.ts';
import { FlatTable } from './flatTable.ts';
import { damaged, parsed, unsupported } from './problem.ts';
import { schemaOf, type IpcSchema } from './schema.ts';

/** First four bytes of a message. Older files begin with the length at once. */
const CONTINUATION = 0xffffffff;
/** Longest metadata of a message or of a footer, in bytes. */
const MAX_METADATA = 256 << 20;
/** Metadata versions that are read: 3 is V4, 4 is V5. */
const versions = [3, 4];
const codecs = ['lz4', 'zstd'] as const;

/** A message: metadata, then a body of buffers. Places in bytes of the file. */
export interface IpcMessage {
  readonly at: number;
  /** `V4`, `V5` */
  readonly version: string;
  readonly content: MessageContent;
  readonly bodyAt: number;
  readonly bodyBytes: number;
}

export type MessageContent =
  | { readonly kind: 'schema'; readonly schema: IpcSchema }
  | { readonly kind: 'dictionary'; readonly id: bigint; readonly isDelta: boolean; readonly batch: BatchHeader }
  | { readonly kind: 'batch'; readonly batch: BatchHeader };

/** Where the parts of the columns of a batch are. */
export interface BatchHeader {
  readonly rows: number;
  /** Number of values and of nulls of every column, in the order of the schema, parents first. */
  readonly nodes: Float64Array;
  /** Offset in the body and length of every buffer. */
  readonly buffers: Float64Array;
  /** Null: not compressed. */
  readonly codec: (typeof codecs)[number] | null;
  /** Numbers of data buffers of columns whose values have a place each. */
  readonly variadic: Float64Array;
}

/**
 * Reads the metadata of the message at a place. Null if the stream ends there.
 * @param end of the bytes that may belong to messages
 */
export async function readMessage(file: FileHandle, at: number, end: number): Promise<IpcMessage | null> {
  if (at + 4 > end) return null;
  const head = Buffer.from(await readBytes(file, at, Math.min(8, end - at)));
  const isMarked = head.readUInt32LE(0) === CONTINUATION;
  if (isMarked && head.length < 8) throw damaged(message('a message is not complete'));
  const length = head.readInt32LE(isMarked ? 4 : 0);
  if (length === 0) return null;
  const from = at + (isMarked ? 8 : 4);
  checkLength(length, end - from);
  const metadata = await readBytes(file, from, length);
  return parsed(() => {
    const table = FlatTable.root(metadata);
    const bodyBytes = table.count(3);
    if (bodyBytes < 0 || bodyBytes > end - from - length)
      throw damaged(message('a message has no body of {0} bytes', bodyBytes));
    return { at, version: versionOf(table.short(0)), content: contentOf(table), bodyAt: from + length, bodyBytes };
  });
}

/** @throws FailureError if metadata of that length cannot be there */
export function checkLength(length: number, available: number): void {
  if (length < 0 || length > available)
    throw damaged(message('metadata of {0} bytes does not fit into the file', length));
  if (length > MAX_METADATA) throw unsupported(message('metadata of more than {0} MB', MAX_METADATA / 2 ** 20));
}

export function versionOf(version: number): string {
  if (!versions.includes(version)) throw unsupported(message('version {0} of the Arrow format', `V${version + 1}`));
  return `V${version + 1}`;
}

function contentOf(table: FlatTable): MessageContent {
  const header = table.table(2);
  if (header === null) throw new RangeError('no header');
  switch (table.byte(1)) {
    case 1:
      return { kind: 'schema', schema: schemaOf(header) };
    case 2: {
      const data = header.table(1);
      if (data === null) throw new RangeError('a dictionary without values');
      return { kind: 'dictionary', id: header.long(0), isDelta: header.byte(2) !== 0, batch: batchOf(data) };
    }
    case 3:
      return { kind: 'batch', batch: batchOf(header) };
    default:
      throw unsupported(message('a message that is not a table'));
  }
}

function batchOf(table: FlatTable): BatchHeader {
  const compression = table.table(3);
  const codec = compression && (codecs[compression.byte(0)] ?? null);
  if (compression !== null && (codec === null || compression.byte(1) !== 0))
    throw unsupported(message('a compression other than LZ4 and Zstandard'));
  const rows = table.count(0);
  if (rows < 0) throw new RangeError('rows');
  return { rows, nodes: table.counts(1, 2), buffers: table.counts(2, 2), codec, variadic: table.counts(4, 1) };
}
