import type { FileHandle } from 'node:fs/promises';
import { message } from '../../core/message/message.ts';
import { cancelled } from '../../core/queue/cancelled.ts';
import { u32At } from '../../core/valueAt.ts';
import type { Work } from '../database/connections.ts';
import { readBytes } from './fileBytes.ts';
import { FlatTable } from './flatTable.ts';
import { checkLength, readMessage, versionOf, type IpcMessage } from './message.ts';
import { damaged, parsed, placed, truncated, unsupported } from './problem.ts';
import { keyValuesOf, schemaOf, type IpcSchema } from './schema.ts';

/** First and last bytes of an Arrow file. A stream has no such bytes. */
export const magic = 'ARROW1';
const HEAD_BYTES = 8;
/** Length of the footer and the magic bytes. */
const TAIL_BYTES = 10;
/** Most rows of a batch. Other readers have the same limit. */
const MAX_BATCH_ROWS = 2 ** 31 - 1;

/** A dictionary or a record batch. `at`: of its message, in bytes. */
export interface IpcBlock {
  readonly kind: 'dictionary' | 'batch';
  readonly at: number;
  /** Rows of a record batch, values of a dictionary. */
  readonly rows: number;
  readonly bytes: number;
}

/** Facts from the metadata of a file. */
export interface IpcLayout {
  readonly kind: 'file' | 'stream';
  readonly version: string;
  readonly schema: IpcSchema;
  /** In the order in which they must be read. */
  readonly blocks: readonly IpcBlock[];
  readonly codecs: ReadonlySet<string>;
  readonly rows: number;
  /** End of the bytes that messages may occupy. */
  readonly end: number;
}

/**
 * Reads the footer of a file, or the messages of a stream, and the metadata of every batch.
 * @throws FailureError `corrupt`, `truncated`, `unsupported`
 */
export async function readLayout(file: FileHandle, bytes: number, work: Work): Promise<IpcLayout> {
  const head = Buffer.from(await readBytes(file, 0, Math.min(HEAD_BYTES, bytes)));
  return head.toString('latin1', 0, magic.length) === magic
    ? await readFile(file, bytes, work)
    : await readStream(file, bytes, work);
}

async function readFile(file: FileHandle, bytes: number, work: Work): Promise<IpcLayout> {
  if (bytes < HEAD_BYTES + TAIL_BYTES) throw truncated(bytes);
  const tail = Buffer.from(await readBytes(file, bytes - TAIL_BYTES, TAIL_BYTES));
  if (tail.toString('latin1', 4) !== magic) throw truncated(bytes);
  const length = tail.readInt32LE(0);
  const end = bytes - TAIL_BYTES - length;
  try {
    checkLength(length, bytes - TAIL_BYTES - HEAD_BYTES);
    const footer = await readBytes(file, end, length);
    const { version, schema, dictionaries, batches } = parsed(() => footerOf(footer));
    checkOverlap([...dictionaries, ...batches], end);
    const blocks: IpcBlock[] = [];
    const codecs = new Set<string>();
    for (const [kind, list] of [
      ['dictionary', dictionaries],
      ['batch', batches],
    ] as const) {
      for (const block of list) blocks.push(await blockOf(file, kind, block, end, codecs, work));
    }
    return { kind: 'file', version, schema, blocks, codecs, rows: rowsOf(blocks), end };
  } catch (error) {
    throw placed(error, { byte: end });
  }
}

interface FooterBlock {
  readonly at: number;
  readonly metadataBytes: number;
  readonly bodyBytes: number;
}

function footerOf(bytes: Uint8Array): {
  readonly version: string;
  readonly schema: IpcSchema;
  readonly dictionaries: readonly FooterBlock[];
  readonly batches: readonly FooterBlock[];
} {
  const footer = FlatTable.root(bytes);
  const version = versionOf(footer.short(0));
  const schema = footer.table(1);
  if (schema === null) throw new RangeError('no schema');
  const own = schemaOf(schema);
  return {
    version,
    schema: { ...own, keyValues: [...own.keyValues, ...keyValuesOf(footer, 4)] },
    dictionaries: blocksOf(footer, 2),
    batches: blocksOf(footer, 3),
  };
}

/** A block: place, length of the metadata in 32 bits and 32 bits of padding, length of the body. */
function blocksOf(footer: FlatTable, field: number): FooterBlock[] {
  const words = footer.words(field, 6);
  return Array.from({ length: words.length / 6 }, (_, k) => {
    const word = (index: number): number => u32At(words, 6 * k + index);
    return {
      at: word(0) + word(1) * 2 ** 32,
      metadataBytes: word(2),
      bodyBytes: word(4) + word(5) * 2 ** 32,
    };
  });
}

/** Blocks that overlap would show rows twice. */
function checkOverlap(blocks: readonly FooterBlock[], end: number): void {
  let last = HEAD_BYTES;
  for (const { at, metadataBytes, bodyBytes } of [...blocks].sort((a, b) => a.at - b.at)) {
    if (at < last || metadataBytes < 8 || at + metadataBytes + bodyBytes > end)
      throw damaged(message('its footer names a batch at byte {0} that is not there', at));
    last = at + metadataBytes + bodyBytes;
  }
}

async function blockOf(
  file: FileHandle,
  kind: IpcBlock['kind'],
  { at, metadataBytes, bodyBytes }: FooterBlock,
  end: number,
  codecs: Set<string>,
  work: Work,
): Promise<IpcBlock> {
  if (work.signal?.aborted) throw cancelled();
  try {
    const found = await readMessage(file, at, end);
    if (found?.content.kind !== kind || found.bodyAt !== at + metadataBytes || found.bodyBytes !== bodyBytes)
      throw damaged(message('its footer and a batch contradict each other'));
    return summary(found, codecs);
  } catch (error) {
    throw placed(error, { byte: at });
  }
}

async function readStream(file: FileHandle, bytes: number, work: Work): Promise<IpcLayout> {
  const blocks: IpcBlock[] = [];
  const codecs = new Set<string>();
  let first: { readonly schema: IpcSchema; readonly version: string } | null = null;
  let at = 0;
  for (;;) {
    if (work.signal?.aborted) throw cancelled();
    try {
      const found = await readMessage(file, at, bytes);
      if (found === null) break;
      const { content, bodyAt, bodyBytes, version } = found;
      if (content.kind === 'schema') {
        if (first !== null) throw damaged(message('a second schema follows'));
        first = { schema: content.schema, version };
      } else {
        if (first === null) throw damaged(message('it does not begin with a schema'));
        blocks.push(summary(found, codecs));
      }
      at = bodyAt + bodyBytes;
    } catch (error) {
      throw placed(error, { byte: at });
    }
  }
  if (first === null) throw placed(damaged(message('it does not begin with a schema')), { byte: 0 });
  await checkRest(file, at, bytes);
  return { kind: 'stream', ...first, blocks, codecs, rows: rowsOf(blocks), end: bytes };
}

/** Rows of a second stream after the first would be lost silently. */
async function checkRest(file: FileHandle, at: number, bytes: number): Promise<void> {
  const end = Math.min(at + 8, bytes);
  for (let from = end; from < bytes; from += 1 << 20) {
    const rest = await readBytes(file, from, Math.min(1 << 20, bytes - from));
    if (rest.some((b) => b !== 0))
      throw placed(damaged(message('other data follow the end of the stream')), { byte: end });
  }
}

function summary({ at, content, bodyAt, bodyBytes }: IpcMessage, codecs: Set<string>): IpcBlock {
  if (content.kind === 'schema') throw damaged(message('a second schema follows'));
  const { rows, codec } = content.batch;
  if (rows > MAX_BATCH_ROWS) throw unsupported(message('a batch of {0} rows', rows));
  codecs.add(codec ?? 'none');
  return { kind: content.kind, at, rows, bytes: bodyAt + bodyBytes - at };
}

function rowsOf(blocks: readonly IpcBlock[]): number {
  return blocks.reduce((sum, { kind, rows }) => (kind === 'batch' ? sum + rows : sum), 0);
}
