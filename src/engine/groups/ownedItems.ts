import { u32At } from '../../core/valueAt.ts';

/** Distinct items of owners (users, requests, or channels of requests). Each item keeps its largest value. */
export class OwnedItems {
  readonly #values = new Map<number, number>();

  /** `items`: number of items, used to encode a pair of owner and item as one number. */
  constructor(private readonly items: number) {}

  /** NaN is smaller than every other value. */
  add(owner: number, item: number, value = NaN): void {
    const pair = owner * this.items + item;
    const known = this.#values.get(pair);
    if (known === undefined || Number.isNaN(known) || value > known) this.#values.set(pair, value);
  }

  /** Items by owner from 0 to `owners` − 1, in ascending order. */
  rows(owners: number): { readonly offsets: Uint32Array; readonly items: Uint32Array; readonly values: Float64Array } {
    const pairs = Float64Array.from(this.#values.keys()).sort();
    const offsets = new Uint32Array(owners + 1);
    const items = new Uint32Array(pairs.length);
    const values = new Float64Array(pairs.length);
    pairs.forEach((pair, k) => {
      const owner = Math.floor(pair / this.items);
      offsets[owner + 1] = k + 1;
      items[k] = pair - owner * this.items;
      values[k] = this.#values.get(pair) ?? NaN;
    });
    // The range of an owner without items ends where the previous one ended.
    for (let owner = 1; owner <= owners; owner++)
      offsets[owner] = Math.max(u32At(offsets, owner), u32At(offsets, owner - 1));
    return { offsets, items, values };
  }
}
