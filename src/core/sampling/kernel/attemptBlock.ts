import { i32At, u32At } from '../../valueAt.ts';
import { fmix32 } from '../fmix32.ts';
import { attemptWord, unitOf } from '../keyedDraw.ts';
import type { PackedColumns } from './packedColumns.ts';

/** Capacity of a block of attempts. */
export const MAX_ATTEMPTS = 256;
const KNOWN = 1024;
const attemptWords = Int32Array.from({ length: KNOWN }, (_, k) => attemptWord(k));

/** Maximum number of attempts, even if the quota is not filled. */
export function attemptLimit(quota: number): number {
  return 8 * quota + 64;
}

/** Number of attempts to make at once for the given number of missing rows. */
export function attemptsFor(missing: number): number {
  return Math.min(MAX_ATTEMPTS, missing + (missing >> 3));
}

/**
 * Makes attempts in blocks: first all are hashed, then all their columns fetched, and only then is the first one used.
 * So the memory latency is paid once per block, not once per attempt.
 * Words stay signed, because unsigned words above 2^31 would become doubles.
 */
export class AttemptBlock {
  /** Places in the pool, one per attempt. */
  readonly places = new Int32Array(MAX_ATTEMPTS);
  readonly #words = new Int32Array(MAX_ATTEMPTS);

  /**
   * Makes `count` attempts of a group from a uniform pool of `length` items, beginning with attempt number `start`. The
   * results are in `places` from `at` on.
   * @param h0 and h1: words of the group's key, each mixed with its salt
   */
  uniform(h0: number, h1: number, start: number, count: number, at: number, length: number): void {
    const places = this.places;
    for (let j = 0; j < count; j++) {
      const w = wordOf(start + j);
      places[at + j] = Math.min(length - 1, Math.floor(unitOf(fmix32(h0 ^ w), fmix32(h1 ^ w)) * length));
    }
  }

  /** Same as `uniform`, for an alias table of 2^bits columns. `places` holds the columns until `resolve`. */
  weighted(h0: number, h1: number, start: number, count: number, at: number, bits: number): void {
    const places = this.places;
    const words = this.#words;
    // A shift by 32 does nothing, so for a single column it is split into 31 and 1.
    const shift = bits === 0 ? 31 : 32 - bits;
    const rest = bits === 0 ? 1 : 0;
    for (let j = 0; j < count; j++) {
      const w = wordOf(start + j);
      places[at + j] = (fmix32(h0 ^ w) >>> shift) >>> rest;
      words[at + j] = fmix32(h1 ^ w) | 0;
    }
  }

  /**
   * Replaces the first `count` columns by places. Only a rare branch depends on a draw, because no processor could
   * predict such branches.
   */
  resolve(count: number, { bits, words: packed, thresholds }: PackedColumns): void {
    const places = this.places;
    const words = this.#words;
    const mask = (1 << bits) - 1;
    for (let j = 0; j < count; j++) {
      const column = i32At(places, j);
      const word = i32At(words, j);
      const pair = u32At(packed, column);
      const alias = pair & mask;
      let below = (word >>> bits) - (pair >>> bits);
      if (below === 0) below = word >>> 0 < u32At(thresholds, column) ? -1 : 0;
      places[j] = alias ^ ((alias ^ column) & (below >> 31));
    }
  }
}

function wordOf(k: number): number {
  return k < KNOWN ? i32At(attemptWords, k) : attemptWord(k);
}
