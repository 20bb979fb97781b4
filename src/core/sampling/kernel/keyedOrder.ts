import { fmix32 } from '../fmix32.ts';
import type { Salts } from '../salts.ts';
import type { CurrentGroup } from './currentGroup.ts';
import { grown } from './grown.ts';
import { selectFirst, type Before } from './selectFirst.ts';

/** Items in the order that the key of a group gives them: by two hashes, then by item. */
export class KeyedOrder {
  size = 0;
  /** As they were added. */
  items = new Uint32Array(64);
  /** Places in `items`, in keyed order as far as it was selected. */
  order = new Int32Array(64);
  #first = new Uint32Array(64);
  #second = new Uint32Array(64);
  #h0 = 0;
  #h1 = 0;

  /** @param words `words` of every item, two each */
  constructor(private readonly salts: Salts, private readonly words: Uint32Array) {}

  start({ k0, k1 }: CurrentGroup): void {
    this.size = 0;
    this.#h0 = k0 ^ this.salts.s0;
    this.#h1 = k1 ^ this.salts.s1;
  }

  add(item: number): void {
    const at = this.size++;
    this.items = grown(this.items, at + 1);
    this.order = grown(this.order, at + 1);
    this.#first = grown(this.#first, at + 1);
    this.#second = grown(this.#second, at + 1);
    this.items[at] = item;
    this.order[at] = at;
    this.#first[at] = fmix32(this.#h0 ^ (this.words[2 * item] ?? 0));
    this.#second[at] = fmix32(this.#h1 ^ (this.words[2 * item + 1] ?? 0));
  }

  /** Orders the first `count` of those at the places [from, to). */
  select(from: number, to: number, count: number): void {
    selectFirst(this.order, from, to, Math.min(count, to - from), this.#before);
  }

  /** The item at a place of the order. */
  at(place: number): number {
    return this.items[this.order[place] ?? 0] ?? 0;
  }

  readonly #before: Before = (a, b) => {
    const left = this.#first[a] ?? 0;
    const right = this.#first[b] ?? 0;
    if (left !== right) return left < right;
    const second = (this.#second[a] ?? 0) - (this.#second[b] ?? 0);
    return second === 0 ? (this.items[a] ?? 0) < (this.items[b] ?? 0) : second < 0;
  };
}
