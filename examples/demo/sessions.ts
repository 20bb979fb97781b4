import type { BulkGenerator } from '../../src/core/sampling/rng.ts';
import { hour, second } from './calendar.ts';
import { largestRequest } from './logs.ts';
import type { Scale } from './scale.ts';

/** People who were here a moment ago: they often ask for more, and meet an item again that they passed over. */
export class Sessions {
  readonly #size: number;
  readonly #user: Int32Array;
  readonly #time: Float64Array;
  /** The unclicked items of each one's last request, padded with −1. */
  readonly #items: Int32Array;
  #next = 0;

  constructor(scale: Scale) {
    this.#size = Math.max(8, Math.min(256, Math.floor(scale.impressions / scale.days / 4000)));
    this.#user = new Int32Array(this.#size).fill(-1);
    this.#time = new Float64Array(this.#size);
    this.#items = new Int32Array(this.#size * largestRequest).fill(-1);
  }

  /** Slot of somebody who may be back at this time, or −1. */
  returning(random: BulkGenerator, time: number): number {
    const slot = random.integerBelow(this.#size);
    if (random.unit() >= 0.4 || (this.#user[slot] ?? -1) < 0) return -1;
    const since = time - (this.#time[slot] ?? 0);
    return since >= 60 * second && since <= 6 * hour ? slot : -1;
  }

  user(slot: number): number {
    return this.#user[slot] ?? 0;
  }

  /** An item that the person of a slot passed over, or −1. */
  passedOver(random: BulkGenerator, slot: number): number {
    return this.#items[slot * largestRequest + random.integerBelow(largestRequest)] ?? -1;
  }

  /** Remembers a request in the slot of its session, or in the oldest one. */
  remember(slot: number, user: number, time: number, items: Int32Array, clicked: Int8Array, count: number): void {
    let at = slot;
    if (at < 0) {
      at = this.#next;
      this.#next = (this.#next + 1) % this.#size;
    }
    this.#user[at] = user;
    this.#time[at] = time;
    for (let p = 0; p < largestRequest; p++)
      this.#items[at * largestRequest + p] = p < count && clicked[p] === 0 ? (items[p] ?? -1) : -1;
  }
}
