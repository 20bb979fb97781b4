/** 2^32/φ, odd: consecutive items land far apart. */
const GOLDEN = 0x9e3779b1;

/**
 * The items that a group has for one entry, emptied at no cost: every slot carries the number of the set that it belongs to. Open addressing, at most half
 * full.
 */
export class ItemSet {
  /** Number of the set and item of each slot, in turn. */
  #slots = new Uint32Array(2 * 1024);
  #bits = 10;
  #set = 0;
  #size = 0;

  clear(): void {
    this.#size = 0;
    this.#set = (this.#set + 1) >>> 0;
    // After 2^32 sets the numbers begin anew.
    if (this.#set === 0) {
      this.#slots.fill(0);
      this.#set = 1;
    }
  }

  has(item: number): boolean {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let at = (Math.imul(item, GOLDEN) >>> (32 - this.#bits)) << 1;
    while (slots[at] === this.#set) {
      if (slots[at + 1] === item) return true;
      at = (at + 2) & mask;
    }
    return false;
  }

  /** @returns false where the item is there already */
  add(item: number): boolean {
    if (4 * (this.#size + 1) > this.#slots.length) this.#grow();
    const slots = this.#slots;
    const mask = slots.length - 1;
    let at = (Math.imul(item, GOLDEN) >>> (32 - this.#bits)) << 1;
    while (slots[at] === this.#set) {
      if (slots[at + 1] === item) return false;
      at = (at + 2) & mask;
    }
    slots[at] = this.#set;
    slots[at + 1] = item;
    this.#size++;
    return true;
  }

  #grow(): void {
    const before = this.#slots;
    const set = this.#set;
    this.#slots = new Uint32Array(2 * before.length);
    this.#bits++;
    this.#set = 1;
    this.#size = 0;
    for (let at = 0; at < before.length; at += 2) if (before[at] === set) this.add(before[at + 1] ?? 0);
  }
}
