import { fmix32 } from '../fmix32.ts';
import type { Salts } from '../salts.ts';
import type { CurrentGroup } from './currentGroup.ts';
import { grown } from './grown.ts';
import { selectFirst, type Before } from './selectFirst.ts';

/** So many at most are kept in order while all are walked; more are selected. */
const FEW = 32;
/** 2^53 / 2^32: a hash and a place below this are one double. */
const PLACES = 2097152;

/** Items in the order that the key of a group gives them: by two hashes, then by item. */
export class KeyedOrder {
  size = 0;
  /** As they were added. */
  items = new Uint32Array(64);
  /** Places in `items`, in keyed order as far as it was selected. */
  #order = new Int32Array(64);
  #first = new Uint32Array(64);
  readonly #best = new Float64Array(FEW);
  #h0 = 0;
  #h1 = 0;

  /** @param words `words` of every item, two each */
  constructor(
    private readonly salts: Salts,
    private readonly words: Uint32Array,
  ) {}

  start({ k0, k1 }: CurrentGroup): void {
    this.size = 0;
    this.#h0 = k0 ^ this.salts.s0;
    this.#h1 = k1 ^ this.salts.s1;
  }

  add(item: number): void {
    const at = this.size++;
    if (at === this.items.length) this.#grow();
    this.items[at] = item;
    this.#first[at] = fmix32(this.#h0 ^ (this.words[2 * item] ?? 0));
  }

  #grow(): void {
    this.items = grown(this.items, this.size);
    this.#order = grown(this.#order, this.size);
    this.#first = grown(this.#first, this.size);
  }

  /**
   * Orders the first `count` of those added at [from, to). Once for each of them; the others are left without an order.
   */
  select(from: number, to: number, count: number): void {
    const wanted = Math.min(count, to - from);
    if (wanted <= 0) return;
    if (wanted <= FEW && to <= PLACES && this.#selectFew(from, to, wanted)) return;
    for (let k = from; k < to; k++) this.#order[k] = k;
    selectFirst(this.#order, from, to, wanted, this.#before);
  }

  /** The item at a place of the order. */
  at(place: number): number {
    return this.items[this.#order[place] ?? 0] ?? 0;
  }

  /** Orders by the first hash alone. @returns false where that does not decide, once in many million groups */
  #selectFew(from: number, to: number, wanted: number): boolean {
    const best = this.#best;
    const first = this.#first;
    let held = 0;
    let worst = Infinity;
    // The least of those that are not held.
    let outside = Infinity;
    for (let k = from; k < to; k++) {
      const key = (first[k] ?? 0) * PLACES + k;
      if (held === wanted) {
        outside = Math.min(outside, Math.max(key, worst));
        if (key > worst) continue;
        held--;
      }
      let at = held++;
      for (; at > 0 && (best[at - 1] ?? 0) > key; at--) best[at] = best[at - 1] ?? 0;
      best[at] = key;
      if (held === wanted) worst = best[held - 1] ?? 0;
    }
    let before = -1;
    for (let k = 0; k < held; k++) {
      const key = best[k] ?? 0;
      const hash = Math.floor(key / PLACES);
      if (hash === before) return false;
      this.#order[from + k] = key - hash * PLACES;
      before = hash;
    }
    return Math.floor(outside / PLACES) !== before;
  }

  readonly #before: Before = (a, b) => {
    const left = this.#first[a] ?? 0;
    const right = this.#first[b] ?? 0;
    if (left !== right) return left < right;
    const item = this.items[a] ?? 0;
    const other = this.items[b] ?? 0;
    const second = this.#second(item) - this.#second(other);
    return second === 0 ? item < other : second < 0;
  };

  /** Asked for where first hashes are equal, which is hardly ever. */
  #second(item: number): number {
    return fmix32(this.#h1 ^ (this.words[2 * item + 1] ?? 0));
  }
}
