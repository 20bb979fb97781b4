import { f64At, u32At, valueAt } from '../valueAt.ts';
import type { InBatchGroup, InBatchTotals } from './drawn.ts';
import { indexIn } from './kernel/search.ts';
import type { RowOrder } from './placement.ts';
import type { IdTexts } from './world/idTexts.ts';
import type { UserItems } from './world/world.ts';

/** Maximum number of items listed per group. */
const NAMED = 5;

/** Data for computing the in-batch negatives of all groups. */
export interface InBatchWorld {
  /** Order of the file. */
  readonly order: RowOrder;
  readonly maskSameItem: boolean;
  /** Number of all positives of the split; their order is cut into batches. */
  readonly positives: number;
  readonly batchSize: number;
  /** Number of positives by item. */
  readonly times: ArrayLike<number>;
  readonly texts: IdTexts;
  /** See `PreviewOptions`. */
  readonly bins: { readonly count: number; readonly ofItem: ArrayLike<number> };
}

/** The positives of one batch by item. */
export class Batch {
  readonly size: number;
  /**
   * Places of the most frequent items, one more than are listed, because a group's own item may be masked. Ties keep
   * the first.
   */
  readonly #top: readonly number[];

  /** @param items distinct, ascending; `counts`: number of positives of the batch for each */
  constructor(
    readonly number: number,
    readonly items: Uint32Array,
    readonly counts: Uint32Array,
  ) {
    this.size = counts.reduce((sum, count) => sum + count, 0);
    const top: number[] = [];
    counts.forEach((count, place) => {
      if (top.length > NAMED && count <= u32At(counts, valueAt(top, NAMED))) return;
      const at = top.findIndex((other) => u32At(counts, other) < count);
      top.splice(at < 0 ? top.length : at, 0, place);
      top.length = Math.min(top.length, NAMED + 1);
    });
    this.#top = top;
  }

  count(item: number): number {
    const place = indexIn(this.items, 0, this.items.length, item);
    return place < 0 ? 0 : u32At(this.counts, place);
  }

  /** Number of positives in the batch whose items are among those of a user. */
  countAmong({ offsets, items }: UserItems, user: number): number {
    let sum = 0;
    this.items.forEach((item, place) => {
      if (indexIn(items, u32At(offsets, user), u32At(offsets, user + 1), item) >= 0) sum += u32At(this.counts, place);
    });
    return sum;
  }

  /**
   * The most frequent items of the batch without the item `own`. If `ownLeft` is above 0, `own` is added with that
   * count, at the position of its count.
   */
  topItems(own: number, ownLeft: number): { readonly item: number; readonly count: number }[] {
    const counted = [...this.#top]
      .map((place) => ({ item: u32At(this.items, place), count: u32At(this.counts, place) }))
      .filter(({ item }) => item !== own);
    if (ownLeft > 0) counted.push({ item: own, count: ownLeft });
    return counted.sort((a, b) => b.count - a.count || a.item - b.item).slice(0, NAMED);
  }
}

/**
 * The groups of a user block in their batches, for a trainer that uses the others of a batch as negatives. None of this
 * is written.
 */
export class InBatch {
  /** Stored as results, because a `Batch` may hold the memory of everything that was read with it. */
  readonly #groups = new Map<number, InBatchGroup>();
  readonly #bins: Float64Array;
  #negatives = 0;
  #masked = 0;
  #falseNegatives = 0;

  constructor(private readonly world: InBatchWorld) {
    this.#bins = new Float64Array(world.bins.count);
  }

  /**
   * Adds groups of one user and one batch.
   * @param chosen items that each user chose; they are false negatives
   * @param groups with the item of each
   */
  add(
    batch: Batch,
    user: number,
    chosen: UserItems,
    groups: readonly { readonly group: number; readonly item: number }[],
  ): void {
    const { maskSameItem, texts, times, positives } = this.world;
    const liked = batch.countAmong(chosen, user);
    batch.items.forEach((item, place) => this.#toBin(item, groups.length * u32At(batch.counts, place)));
    for (const { group, item } of groups) {
      const own = batch.count(item);
      const isChosen = indexIn(chosen.items, u32At(chosen.offsets, user), u32At(chosen.offsets, user + 1), item) >= 0;
      const left = maskSameItem ? 0 : own - 1;
      const falseNegatives = liked - (isChosen ? own : 0) + left;
      this.#toBin(item, left - own);
      this.#groups.set(group, {
        batch: batch.number,
        others: batch.size - 1,
        masked: own - 1 - left,
        distinct: batch.items.length - (left === 0 ? 1 : 0),
        falseNegatives,
        items: batch.topItems(item, left).map((one) => ({
          item: texts.textOf(one.item),
          count: one.count,
          logQ: Math.log(valueAt(times, one.item) / positives),
        })),
      });
      this.#negatives += batch.size - own + left;
      this.#masked += own - 1 - left;
      this.#falseNegatives += falseNegatives;
    }
  }

  /** Result of one added group. */
  resultOf(group: number): InBatchGroup | null {
    return this.#groups.get(group) ?? null;
  }

  /** Totals of all added groups. */
  totals(distance: number | null): InBatchTotals {
    const { order, positives, batchSize } = this.world;
    return {
      order,
      positives,
      batches: Math.ceil(positives / batchSize),
      negatives: this.#negatives,
      masked: this.#masked,
      falseNegatives: this.#falseNegatives,
      bins: [...this.#bins],
      distance,
    };
  }

  #toBin(item: number, count: number): void {
    const bin = valueAt(this.world.bins.ofItem, item);
    if (bin >= 0 && bin < this.#bins.length) this.#bins[bin] = f64At(this.#bins, bin) + count;
  }
}

/**
 * Expected rows of an item in the batch of a positive of another item. The average is over all orders; a seed selects
 * one.
 */
export function expectedInBatch(times: number, positives: number, batchSize: number): number {
  if (positives < 2) return 0;
  const whole = Math.floor(positives / batchSize);
  const rest = positives - whole * batchSize;
  const others = (whole * batchSize * (batchSize - 1) + rest * (rest - 1)) / positives;
  return (times * others) / (positives - 1);
}
