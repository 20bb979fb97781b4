import { fmix32 } from '../fmix32.ts';
import { words } from '../words.ts';
import { grown } from './grown.ts';
import { ItemSet } from './itemSet.ts';
import type { KeyedOrder } from './keyedOrder.ts';
import { selectFirst, type Before } from './selectFirst.ts';

/**
 * Channels that take turns: the first of each by the hash of its name, then the second of each, and so on; an item
 * counts where it comes first.
 */
export class Channels {
  /** Candidates of each channel that has some: a part of the order. */
  #count = 0;
  #channel = new Int32Array(64);
  #start = new Int32Array(64);
  readonly #hashes: Uint32Array;
  /** Places in `channel`, in the order of their turns. */
  readonly #turns: Int32Array;
  readonly #words: Uint32Array;
  readonly #taken = new ItemSet();

  constructor(names: readonly string[]) {
    this.#words = Uint32Array.from(names, (name) => words(name)[0]);
    this.#hashes = new Uint32Array(names.length);
    this.#turns = new Int32Array(names.length);
  }

  start(): void {
    this.#count = 0;
  }

  /** A candidate of a channel at a place of the order; channels come one after the other. */
  add(channel: number, place: number): void {
    if (this.#count > 0 && this.#channel[this.#count - 1] === channel) return;
    this.#channel = grown(this.#channel, this.#count + 1);
    this.#start = grown(this.#start, this.#count + 2);
    this.#channel[this.#count] = channel;
    this.#start[this.#count] = place;
    this.#count++;
  }

  end(size: number): void {
    this.#start[this.#count] = size;
  }

  take(order: KeyedOrder, key: number, count: number, taken: Uint32Array, channelOf: Int32Array): void {
    for (let c = 0; c < this.#count; c++) {
      // No channel needs more than `count` of its own before all are taken.
      order.select(this.#start[c] ?? 0, this.#start[c + 1] ?? 0, count);
      this.#hashes[c] = fmix32(key ^ (this.#words[this.#channel[c] ?? 0] ?? 0));
      this.#turns[c] = c;
    }
    selectFirst(this.#turns, 0, this.#count, this.#count, this.#before);
    this.#taken.clear(count);
    let filled = 0;
    for (let round = 0; filled < count; round++) {
      for (let turn = 0; turn < this.#count; turn++) {
        const c = this.#turns[turn] ?? 0;
        const place = (this.#start[c] ?? 0) + round;
        if (filled === count || place >= (this.#start[c + 1] ?? 0)) continue;
        const item = order.at(place);
        if (!this.#taken.add(item)) continue;
        taken[filled] = item;
        channelOf[filled] = this.#channel[c] ?? 0;
        filled++;
      }
    }
  }

  readonly #before: Before = (a, b) => {
    const left = this.#hashes[a] ?? 0;
    const right = this.#hashes[b] ?? 0;
    return left === right ? a < b : left < right;
  };
}
