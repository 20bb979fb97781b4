/** 2^32/φ, odd: spreads consecutive items far apart. */
const GOLDEN = 0x9e3779b1;

/**
 * The items that a group has for one entry. Clearing is free: every slot stores the number of the set that it belongs
 * to. Open addressing, at most half full.
 */
export class ItemSet {
  /** Set number and item of each slot, alternating. */
  #slots = new Uint32Array(2 * 1024);
  #shift = 32 - 10;
  #set = 0;

  /** Empties the set, and makes it large enough for `most` items. */
  clear(most: number): void {
    if (4 * most > this.#slots.length) this.#grow(most);
    this.#set = (this.#set + 1) >>> 0;
    // After 2^32 sets the numbers start again.
    if (this.#set === 0) {
      this.#slots.fill(0);
      this.#set = 1;
    }
  }

  /** @returns false if the item is already in the set */
  add(item: number): boolean {
    const slots = this.#slots;
    const set = this.#set;
    const mask = slots.length - 1;
    let at = (Math.imul(item, GOLDEN) >>> this.#shift) << 1;
    while (slots[at] === set) {
      if (slots[at + 1] === item) return false;
      at = (at + 2) & mask;
    }
    slots[at] = set;
    slots[at + 1] = item;
    return true;
  }

  #grow(most: number): void {
    let length = this.#slots.length;
    while (4 * most > length) {
      length *= 2;
      this.#shift--;
    }
    this.#slots = new Uint32Array(length);
    this.#set = 0;
  }
}
