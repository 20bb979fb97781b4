import { f64At, u32At, valueAt } from '../../../core/valueAt.ts';
import type { LoadedItems } from '../world/items.ts';

/** Bin of items that are not in the corpus. */
export const NO_BIN = 255;
const BINS = 100;

/** Popularity of the items. Bins are ranges of ranks, hottest first. */
export interface Popularity {
  /** Share of the corpus up to the end of a bin, including the hotter bins. */
  readonly to: readonly number[];
  /** Number of corpus items in a bin. */
  readonly corpus: readonly number[];
  /** Bin by item; `NO_BIN` for items that are not in the corpus. */
  readonly ofItem: Uint8Array;
  /** By item: percentage of the corpus that is at most as hot, 0 to 100. NaN for items that are not in the corpus. */
  readonly percentile: Float64Array;
  /** By item: number of events. */
  readonly heat: Float64Array;
}

/**
 * Ranks the corpus (after `data.items.where`) by heat, ties by item. Bins are evenly spaced in the logarithm of the
 * rank, so the few hot items are shown separately. There are at most 100 bins, fewer for a small corpus.
 * A corpus item that `where` removed is in the bin of the last listed item that is at least as hot.
 */
export function popularityOf({ listed, created, count }: LoadedItems, heat: Float64Array): Popularity {
  const corpus = new Uint32Array(count);
  let size = 0;
  for (let item = 0; item < count; item++) if (listed[item] === 1) corpus[size++] = item;
  const order = corpus.subarray(0, size).sort((a, b) => f64At(heat, b) - f64At(heat, a) || a - b);
  const ends = endsOf(size);
  const startOf = (bin: number): number => (bin === 0 ? 0 : valueAt(ends, bin - 1));
  const ofItem = new Uint8Array(count).fill(NO_BIN);
  ends.forEach((end, bin) => {
    for (let rank = startOf(bin); rank < end; rank++) ofItem[u32At(order, rank)] = bin;
  });
  const percentile = new Float64Array(count).fill(NaN);
  for (let item = 0; item < count; item++) {
    if (created[item] === Infinity || size === 0) continue;
    const before = firstBelow(order, heat, f64At(heat, item) + 1);
    percentile[item] = (100 * (size - before)) / size;
    if (ofItem[item] === NO_BIN)
      ofItem[item] = binOf(ends, Math.max(0, firstBelow(order, heat, f64At(heat, item)) - 1));
  }
  return {
    to: ends.map((end) => end / size),
    corpus: ends.map((end, k) => end - startOf(k)),
    ofItem,
    percentile,
    heat,
  };
}

/** How many items, hottest first, are at least as hot as `least`. */
function firstBelow(order: Uint32Array, heat: Float64Array, least: number): number {
  let [low, high] = [0, order.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (f64At(heat, u32At(order, middle)) >= least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Ascending ranks at which bins end, up to `size`. */
function endsOf(size: number): number[] {
  if (size === 0) return [];
  return [...new Set(Array.from({ length: BINS }, (_, k) => Math.max(1, Math.round(size ** ((k + 1) / BINS)))))];
}

function binOf(ends: readonly number[], rank: number): number {
  return ends.findIndex((end) => rank < end);
}
