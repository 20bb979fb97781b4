const MIN_BLOCK_BYTES = 1 << 20;
const MAX_BLOCK_BYTES = 16 << 20;
/** Loading a block into a table has a cost for each column, so that wide tables want larger blocks. */
const BYTES_PER_COLUMN = 4 << 10;
/** Longest record: more is taken for a quote that was never closed. */
export const MAX_RECORD_BYTES = 512 << 20;

/** Size of the blocks of a table: as small as loading allows, because nothing else is answered while one is converted. */
export function blockBytes(columns: number): number {
  return Math.min(MAX_BLOCK_BYTES, Math.max(MIN_BLOCK_BYTES, columns * BYTES_PER_COLUMN));
}

/** Bytes that start at the start of a record. `final`: nothing comes after. */
export interface Block {
  readonly bytes: Buffer;
  readonly final: boolean;
}

/**
 * Gathers chunks into blocks. After each block `consumed` says how many of its bytes were whole records; the rest starts the next
 * block. A block without a whole record grows until it has one.
 */
export class Blocks {
  #rest: Buffer[] = [];
  #restBytes = 0;
  #wanted: number;
  #ended = false;
  readonly #chunks: AsyncIterator<Buffer>;

  constructor(chunks: AsyncIterable<Buffer>, private readonly blockBytes: number) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#wanted = blockBytes;
  }

  async next(): Promise<Block> {
    while (!this.#ended && this.#restBytes < this.#wanted) {
      const next = await this.#chunks.next();
      if (next.done === true) this.#ended = true;
      else {
        this.#rest.push(next.value);
        this.#restBytes += next.value.length;
      }
    }
    const bytes = this.#rest.length === 1 ? (this.#rest[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#rest);
    this.#rest = [bytes];
    return { bytes, final: this.#ended };
  }

  consumed(count: number): void {
    const bytes = this.#rest[0] ?? Buffer.alloc(0);
    const rest = bytes.subarray(count);
    this.#rest = rest.length === 0 ? [] : [rest];
    this.#restBytes = rest.length;
    this.#wanted = count > 0 ? Math.max(this.blockBytes, rest.length + 1) : bytes.length * 2;
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
