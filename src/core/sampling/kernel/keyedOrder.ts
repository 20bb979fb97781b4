import { f64At, i32At, u32At } from '../../valueAt.ts';
import { fmix32 } from '../fmix32.ts';
import type { Salts } from '../salts.ts';
import type { CurrentGroup } from './currentGroup.ts';
import { grown } from './grown.ts';
import { selectFirst, type Before } from './selectFirst.ts';

/** Up to this many items are kept sorted during one scan; larger numbers are selected. */
const FEW = 32;
/** 2^53 / 2^32: for places below this, a hash and a place fit into one double. */
const PLACES = 2097152;

/** Items in the order given by a group's key: by two hashes, then by item. */
export class KeyedOrder {
  size = 0;
  /** In the order of adding. */
  items = new Uint32Array(64);
  /** Indices into `items`, in keyed order as far as selected. */
  #order = new Int32Array(64);
  #first = new Uint32Array(64);
  readonly #best = new Float64Array(FEW);
  #h0 = 0;
  #h1 = 0;

  /** @param hashWords `words` of every item, two each */
  constructor(
    private readonly salts: Salts,
    private readonly hashWords: Uint32Array,
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
    this.#first[at] = fmix32(this.#h0 ^ u32At(this.hashWords, 2 * item));
  }

  #grow(): void {
    this.items = grown(this.items, this.size);
    this.#order = grown(this.#order, this.size);
    this.#first = grown(this.#first, this.size);
  }

  /**
   * Orders the first `count` of those added at [from, to). Call it at most once for each range. The others stay
   * unordered.
   */
  select(from: number, to: number, count: number): void {
    const wanted = Math.min(count, to - from);
    if (wanted <= 0) return;
    if (wanted <= FEW && to <= PLACES && this.#selectFew(from, to, wanted)) return;
    for (let k = from; k < to; k++) this.#order[k] = k;
    selectFirst(this.#order, from, to, wanted, this.#before);
  }

  /** The item at a place of the order. */
  itemAt(place: number): number {
    return u32At(this.items, i32At(this.#order, place));
  }

  /** Orders by the first hash only. @returns false if that does not decide, once in many million groups */
  #selectFew(from: number, to: number, wanted: number): boolean {
    const best = this.#best;
    const first = this.#first;
    let held = 0;
    let worst = Infinity;
    // The smallest key of those that are not held.
    let outside = Infinity;
    for (let k = from; k < to; k++) {
      const key = u32At(first, k) * PLACES + k;
      if (held === wanted) {
        outside = Math.min(outside, Math.max(key, worst));
        if (key > worst) continue;
        held--;
      }
      let at = held++;
      for (; at > 0 && f64At(best, at - 1) > key; at--) best[at] = f64At(best, at - 1);
      best[at] = key;
      if (held === wanted) worst = f64At(best, held - 1);
    }
    let before = -1;
    for (let k = 0; k < held; k++) {
      const key = f64At(best, k);
      const hash = Math.floor(key / PLACES);
      if (hash === before) return false;
      this.#order[from + k] = key - hash * PLACES;
      before = hash;
    }
    return Math.floor(outside / PLACES) !== before;
  }

  readonly #before: Before = (a, b) => {
    const left = u32At(this.#first, a);
    const right = u32At(this.#first, b);
    if (left !== right) return left < right;
    const item = u32At(this.items, a);
    const other = u32At(this.items, b);
    const second = this.#second(item) - this.#second(other);
    return second === 0 ? item < other : second < 0;
  };

  /** Needed only if first hashes are equal, which is very rare. */
  #second(item: number): number {
    return fmix32(this.#h1 ^ u32At(this.hashWords, 2 * item + 1));
  }
}
