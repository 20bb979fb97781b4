import { f64At, i32At } from '../../valueAt.ts';
import { grown } from './grown.ts';

/**
 * Sums that change over a user's groups, which are visited in time order. One pass over the change points replaces
 * groups × items. Several sums are kept at once, by slot.
 */
export class Timeline {
  readonly weight: Float64Array;
  readonly count: Float64Array;
  #times = new Float64Array(64);
  #slots = new Int32Array(64);
  #weights = new Float64Array(64);
  #signs = new Int32Array(64);
  #order = new Int32Array(64);
  #changes = 0;
  #next = 0;
  #first = 0;
  #last = 0;
  /** Slots that may differ from 0. */
  #touched = new Int32Array(64);
  #touchedCount = 0;

  constructor(slots: number) {
    this.weight = new Float64Array(slots);
    this.count = new Float64Array(slots);
  }

  /** Restarts for groups from `first` to `last`, µs. */
  start(first: number, last: number): void {
    for (let k = 0; k < this.#touchedCount; k++) {
      const slot = i32At(this.#touched, k);
      this.weight[slot] = 0;
      this.count[slot] = 0;
    }
    this.#touchedCount = 0;
    this.#changes = 0;
    this.#next = 0;
    this.#first = first;
    this.#last = last;
  }

  /** Adds an item that is present from `from` until before `to`, µs. */
  add(slot: number, weight: number, from: number, to: number): void {
    if (!(from < to) || to <= this.#first || from > this.#last) return;
    this.#touch(slot);
    if (from <= this.#first) this.#apply(slot, weight, 1);
    else this.#change(from, slot, weight, 1);
    if (to <= this.#last) this.#change(to, slot, weight, -1);
  }

  /** Adds items that are present in all groups. */
  addAlways(slot: number, weight: number, count: number): void {
    this.#touch(slot);
    this.weight[slot] = f64At(this.weight, slot) + weight;
    this.count[slot] = f64At(this.count, slot) + count;
  }

  /** Sorts the changes, after all items were added. */
  ready(): void {
    if (this.#changes === 0) return;
    this.#order = grown(this.#order, this.#changes);
    for (let k = 0; k < this.#changes; k++) this.#order[k] = k;
    const times = this.#times;
    this.#order.subarray(0, this.#changes).sort((a, b) => f64At(times, a) - f64At(times, b));
  }

  /** Advances to a time that is not before the last one. */
  advance(time: number): void {
    while (this.#next < this.#changes) {
      const change = i32At(this.#order, this.#next);
      if (f64At(this.#times, change) > time) return;
      this.#apply(i32At(this.#slots, change), f64At(this.#weights, change), i32At(this.#signs, change));
      this.#next++;
    }
  }

  #touch(slot: number): void {
    if (this.#touchedCount > 0 && this.#touched[this.#touchedCount - 1] === slot) return;
    this.#touched = grown(this.#touched, this.#touchedCount + 1);
    this.#touched[this.#touchedCount++] = slot;
  }

  #apply(slot: number, weight: number, sign: number): void {
    this.weight[slot] = f64At(this.weight, slot) + sign * weight;
    this.count[slot] = f64At(this.count, slot) + sign;
  }

  #change(time: number, slot: number, weight: number, sign: number): void {
    const at = this.#changes++;
    this.#times = grown(this.#times, at + 1);
    this.#slots = grown(this.#slots, at + 1);
    this.#weights = grown(this.#weights, at + 1);
    this.#signs = grown(this.#signs, at + 1);
    this.#times[at] = time;
    this.#slots[at] = slot;
    this.#weights[at] = weight;
    this.#signs[at] = sign;
  }
}
