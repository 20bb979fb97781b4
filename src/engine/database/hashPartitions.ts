import { setImmediate } from 'node:timers/promises';
import { cancelled } from '../../core/queue/cancelled.ts';
import { u32At } from '../../core/valueAt.ts';
import type { Columnar } from './columnar.ts';
import type { Work } from './connections.ts';

/** Hashes of a partition, on average up to 16 million: the table of their places stays in the cache of a processor. */
const PARTITION_ROWS = 2 ** 14;
const MAX_BITS = 10;
/** A larger partition has a hash that recurs very often. DuckDB counts such hashes fast: its table stays small. */
const MAX_PARTITION_ROWS = 2 ** 20;
/** Chunks, and hashes in partitions, before other tasks may run: about 10 ms. */
const CHUNKS_BETWEEN_TURNS = 64;
const HASHES_BETWEEN_TURNS = 2 ** 18;

/** Bytes of the hashes, and of their copy by partition. */
export const bytesOfHashes = (rows: number): number => 16 * rows;

/** Places of a table of hashes, of which at most two thirds are taken. */
const placesFor = (rows: number): number => 2 ** Math.max(10, Math.ceil(Math.log2(1.5 * rows)));

/**
 * The 64-bit hashes in column 0, ordered by their first bits. A table of all hashes is larger than the caches, and each
 * look-up waits for the memory; the tables of partitions are not.
 */
export class HashPartitions {
  private constructor(
    /** Two words of each hash, the low one first. */
    private readonly words: Uint32Array,
    /** Index of the first hash of each partition, and the number of hashes. */
    private readonly starts: Uint32Array,
  ) {}

  /** @throws RangeError if they do not fit into memory; FailureError `cancelled` */
  static async of(hashes: Columnar, { signal }: Work): Promise<HashPartitions> {
    const bits = Math.max(1, Math.min(MAX_BITS, Math.ceil(Math.log2(hashes.rows / PARTITION_ROWS))));
    const shift = 32 - bits;
    const starts = new Uint32Array(2 ** bits + 1);
    const count = (chunk: Uint32Array): void => {
      for (let at = 1; at < chunk.length; at += 2) {
        const next = (u32At(chunk, at) >>> shift) + 1;
        starts[next] = u32At(starts, next) + 1;
      }
    };
    await eachChunk(hashes, count, signal);
    for (let k = 1; k < starts.length; k++) starts[k] = u32At(starts, k) + u32At(starts, k - 1);
    const counted = starts.at(-1) ?? 0;
    if (counted !== hashes.rows) throw new Error(`${counted} of ${hashes.rows} rows have a hash of 64 bits`);
    const words = new Uint32Array(2 * hashes.rows);
    const ends = starts.slice();
    const add = (chunk: Uint32Array): void => {
      for (let at = 0; at < chunk.length; at += 2) {
        const high = u32At(chunk, at + 1);
        const partition = high >>> shift;
        const row = u32At(ends, partition);
        ends[partition] = row + 1;
        words[2 * row] = u32At(chunk, at);
        words[2 * row + 1] = high;
      }
    };
    await eachChunk(hashes, add, signal);
    return new HashPartitions(words, starts);
  }

  /**
   * The number of different hashes. `again` gets the words of each hash that was there before. Null if a partition is
   * too large, or if `goesOn` returns false. It is called after each partition.
   */
  async distinct(
    { signal }: Work,
    again?: (low: number, high: number) => void,
    goesOn = () => true,
  ): Promise<number | null> {
    const { words, starts } = this;
    let largest = 0;
    for (let k = 1; k < starts.length; k++) largest = Math.max(largest, u32At(starts, k) - u32At(starts, k - 1));
    if (largest > MAX_PARTITION_ROWS) return null;
    // Two words of each place; both 0: empty.
    const table = new Uint32Array(2 * placesFor(largest));
    let mask = 0;
    let distinct = 0;
    let zeros = 0;
    const add = (low: number, high: number): void => {
      let place = (2 * low) & mask;
      for (;;) {
        const oneLow = u32At(table, place);
        const oneHigh = u32At(table, place + 1);
        if (oneLow === low && oneHigh === high) break;
        if (oneLow === 0 && oneHigh === 0) {
          table[place] = low;
          table[place + 1] = high;
          distinct++;
          return;
        }
        place = (place + 2) & mask;
      }
      // The hash 0 equals an empty place, so it is never stored.
      if (low !== 0 || high !== 0 || zeros++ > 0) again?.(low, high);
    };
    for (let k = 1, since = 0; k < starts.length; k++) {
      const [from, to] = [u32At(starts, k - 1), u32At(starts, k)];
      // Only the places of this partition are used, so one large partition does not cost the others time.
      mask = 2 * placesFor(to - from) - 1;
      table.fill(0, 0, mask + 1);
      for (let at = 2 * from; at < 2 * to; at += 2) add(u32At(words, at), u32At(words, at + 1));
      if (!goesOn()) return null;
      since += to - from;
      if (since < HASHES_BETWEEN_TURNS) continue;
      since = 0;
      await letOthersRun(signal);
    }
    return distinct + Math.min(zeros, 1);
  }
}

async function eachChunk(
  hashes: Columnar,
  use: (words: Uint32Array) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  let chunks = 0;
  for (const words of hashes.wordChunks(0)) {
    use(words);
    if (++chunks % CHUNKS_BETWEEN_TURNS === 0) await letOthersRun(signal);
  }
}

/** @throws FailureError `cancelled` */
async function letOthersRun(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  if (signal?.aborted) throw cancelled();
}
