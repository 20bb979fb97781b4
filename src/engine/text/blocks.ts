import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';

const MIN_BLOCK_BYTES = 1 << 20;
const MAX_BLOCK_BYTES = 16 << 20;
/** Loading a block has a cost per column, so wide tables need larger blocks. */
const BYTES_PER_COLUMN = 4 << 10;
/** Longest record. A quote that opens a longer one is treated as never closed. */
export const MAX_RECORD_BYTES = 512_000_000;

/** Block size for a table. As small as loading allows, because converting a block blocks the process. */
export function blockBytes(columns: number): number {
  return Math.min(MAX_BLOCK_BYTES, Math.max(MIN_BLOCK_BYTES, columns * BYTES_PER_COLUMN));
}

/** A block may exceed the wanted size by this much, because the last chunk is not split. */
const SLACK_BYTES = 1 << 20;

/** Bytes that begin with the start of a record. `final`: no more bytes follow. */
export interface Block {
  readonly bytes: Buffer;
  readonly final: boolean;
  /** Bytes of records after which a reader stops, even if the block contains more: one step of work. */
  readonly stepBytes: number;
}

/**
 * Collects chunks into blocks. After each block, `consumed` reports how many bytes were complete records. The rest
 * starts the next block.
 * A block without a complete record grows until it has one or exceeds the maximum record length. After such a block,
 * blocks have the usual length again.
 */
export class Blocks {
  #rest: Buffer[] = [];
  #restBytes = 0;
  #wanted: number;
  #ended = false;
  /** Length of the last block. */
  #handed = 0;
  /** The last block contained no complete record. */
  #isStuck = false;
  readonly #chunks: AsyncIterator<Buffer>;

  /** @param path of the file, for the failure */
  constructor(
    chunks: AsyncIterable<Buffer>,
    private readonly path: string,
    private readonly blockBytes: number,
    private readonly maxRecordBytes = MAX_RECORD_BYTES,
  ) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#wanted = blockBytes;
  }

  /** @throws FailureError `unsupported` for a record that is too long */
  async next(): Promise<Block> {
    if (this.#isStuck && this.#handed > this.maxRecordBytes) {
      throw fail('unsupported', message('A record of the file is longer than {0} MB', this.maxRecordBytes / 1e6), {
        place: { path: this.path },
        advice: message('Check the quotes and line breaks of the file, or leave the long field out.'),
      });
    }
    while (!this.#ended && this.#restBytes < this.#wanted) {
      const next = await this.#chunks.next();
      if (next.done === true) this.#ended = true;
      else {
        this.#rest.push(next.value);
        this.#restBytes += next.value.length;
      }
    }
    const rest = this.#rest.length === 1 ? (this.#rest[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#rest);
    this.#rest = [rest];
    // After a block that had to grow, much is left. It is returned in blocks of the usual length again.
    const bytes = rest.length > this.#wanted + SLACK_BYTES ? rest.subarray(0, this.#wanted) : rest;
    this.#handed = bytes.length;
    return { bytes, final: this.#ended && bytes.length === rest.length, stepBytes: this.blockBytes + SLACK_BYTES };
  }

  consumed(count: number): void {
    const rest = (this.#rest[0] ?? Buffer.alloc(0)).subarray(count);
    this.#rest = rest.length === 0 ? [] : [rest];
    this.#restBytes = rest.length;
    this.#isStuck = count === 0;
    // The byte after the longest record decides. Doubling beyond it would waste memory.
    const handed = this.#handed;
    this.#wanted =
      count > 0
        ? Math.max(this.blockBytes, handed - count + 1)
        : Math.min(handed * 2, Math.max(this.maxRecordBytes, handed) + 1);
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
