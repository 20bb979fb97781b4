import { fmix32 } from '../fmix32.ts';
import { attemptWord, unitOf } from '../keyedDraw.ts';
import type { PackedColumns } from './packedColumns.ts';

/** Attempts that a block holds. */
export const MOST_ATTEMPTS = 256;
const KNOWN = 1024;
const attemptWords = Int32Array.from({ length: KNOWN }, (_, k) => attemptWord(k));

/** Attempts end here, whatever was found. */
export function attemptLimit(quota: number): number {
  return 8 * quota + 64;
}

/** How many attempts are worth being made at once where so many rows are missing. */
export function attemptsFor(missing: number): number {
  return Math.min(MOST_ATTEMPTS, missing + (missing >> 3));
}

/**
 * Attempts, some at a time: all are hashed, then all their columns fetched, before the first is looked at, so that
 * memory is waited for once and not once an attempt. Words stay signed, for unsigned ones above 2^31 would become
 * doubles.
 */
export class AttemptBlock {
  /** Places in the pool that the attempts give. */
  readonly places = new Int32Array(MOST_ATTEMPTS);
  readonly #words = new Int32Array(MOST_ATTEMPTS);

  /**
   * Makes `count` attempts of a group at a uniform pool of `length` items, from number `start` on; they stand in
   * `places` from `at` on.
   *
   * @param h0 and h1: words of the group's key, each mixed with its salt
   */
  uniform(h0: number, h1: number, start: number, count: number, at: number, length: number): void {
    const places = this.places;
    for (let j = 0; j < count; j++) {
      const w = wordOf(start + j);
      places[at + j] = Math.min(length - 1, Math.floor(unitOf(fmix32(h0 ^ w), fmix32(h1 ^ w)) * length));
    }
  }

  /** The same at an alias table of 2^bits columns, which stand in `places` until `resolve`. */
  weighted(h0: number, h1: number, start: number, count: number, at: number, bits: number): void {
    const places = this.places;
    const words = this.#words;
    // A shift by 32 is none at all, so that of a single column is one by 31 and one by 1.
    const shift = bits === 0 ? 31 : 32 - bits;
    const rest = bits === 0 ? 1 : 0;
    for (let j = 0; j < count; j++) {
      const w = wordOf(start + j);
      places[at + j] = (fmix32(h0 ^ w) >>> shift) >>> rest;
      words[at + j] = fmix32(h1 ^ w) | 0;
    }
  }

  /**
   * Makes places of the first `count` columns. No branch but a rare one depends on a draw: no processor could foresee
   * it.
   */
  resolve(count: number, { bits, words: packed, thresholds }: PackedColumns): void {
    const places = this.places;
    const words = this.#words;
    const mask = (1 << bits) - 1;
    for (let j = 0; j < count; j++) {
      const column = places[j] ?? 0;
      const word = words[j] ?? 0;
      const pair = packed[column] ?? 0;
      const alias = pair & mask;
      let below = (word >>> bits) - (pair >>> bits);
      if (below === 0) below = word >>> 0 < (thresholds[column] ?? 0) ? -1 : 0;
      places[j] = alias ^ ((alias ^ column) & (below >> 31));
    }
  }
}

function wordOf(k: number): number {
  return k < KNOWN ? (attemptWords[k] ?? 0) : attemptWord(k);
}
