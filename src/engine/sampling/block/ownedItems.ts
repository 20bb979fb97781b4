/** Distinct items of owners (users, requests, channels of requests), each with the largest of its values. */
export class OwnedItems {
  readonly #values = new Map<number, number>();

  /** `items`: how many items there are, so that a pair makes one number. */
  constructor(private readonly items: number) {}

  /** A value of NaN counts below every other. */
  add(owner: number, item: number, value = NaN): void {
    const pair = owner * this.items + item;
    const known = this.#values.get(pair);
    if (known === undefined || Number.isNaN(known) || value > known) this.#values.set(pair, value);
  }

  /** By owner from 0 to `owners` − 1, items ascending. */
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
    // Owners without items end where the one before them ended.
    for (let owner = 1; owner <= owners; owner++)
      offsets[owner] = Math.max(offsets[owner] ?? 0, offsets[owner - 1] ?? 0);
    return { offsets, items, values };
  }
}
