import { fail } from '../../core/report/failure.ts';
import { message } from '../../core/report/message.ts';

const MIN_BLOCK_BYTES = 1 << 20;
const MAX_BLOCK_BYTES = 16 << 20;
/** Loading a block into a table has a cost for each column, so that wide tables want larger blocks. */
const BYTES_PER_COLUMN = 4 << 10;
/** Longest record. A quote that opens a longer one is taken for one that was never closed. */
export const MAX_RECORD_BYTES = 512_000_000;

/** Size of the blocks of a table: as small as loading allows, because nothing else is answered while one is converted. */
export function blockBytes(columns: number): number {
  return Math.min(MAX_BLOCK_BYTES, Math.max(MIN_BLOCK_BYTES, columns * BYTES_PER_COLUMN));
}

/** A block may be longer than wanted by this much: the last chunk is not cut for it. */
const SLACK_BYTES = 1 << 20;

/** Bytes that start at the start of a record. `final`: nothing comes after. */
export interface Block {
  readonly bytes: Buffer;
  readonly final: boolean;
  /** Bytes of records after which a reader stops, whatever the block holds: one step of work. */
  readonly stepBytes: number;
}

/**
 * Gathers chunks into blocks. After each block `consumed` says how many of its bytes were whole records; the rest starts the next
 * block. A block without a whole record grows until it has one, or is longer than a record may be. The records after such a block come
 * in blocks of the usual length again.
 */
export class Blocks {
  #rest: Buffer[] = [];
  #restBytes = 0;
  #wanted: number;
  #ended = false;
  /** Length of the last block. */
  #handed = 0;
  /** The last block held no whole record. */
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
    // After a block that had to grow, much is left: it comes in blocks of the usual length again.
    const bytes = rest.length > this.#wanted + SLACK_BYTES ? rest.subarray(0, this.#wanted) : rest;
    this.#handed = bytes.length;
    return { bytes, final: this.#ended && bytes.length === rest.length, stepBytes: this.blockBytes + SLACK_BYTES };
  }

  consumed(count: number): void {
    const rest = (this.#rest[0] ?? Buffer.alloc(0)).subarray(count);
    this.#rest = rest.length === 0 ? [] : [rest];
    this.#restBytes = rest.length;
    this.#isStuck = count === 0;
    // The byte after the longest record decides; doubling beyond it would take memory for nothing.
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
