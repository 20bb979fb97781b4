import { i32At, u32At } from '../../valueAt.ts';
import { fmix32 } from '../fmix32.ts';
import { hashWords } from '../words.ts';
import { grown } from './grown.ts';
import { ItemSet } from './itemSet.ts';
import type { KeyedOrder } from './keyedOrder.ts';
import { selectFirst, type Before } from './selectFirst.ts';

/**
 * Merges channels in turns: the first candidate of each channel, then the second of each, and so on. Channels are
 * ordered by the hash of their name. An item counts at its first occurrence.
 */
export class Channels {
  /** Number of channels with candidates. The candidates of each are a part of the order. */
  #count = 0;
  #channel = new Int32Array(64);
  #start = new Int32Array(64);
  readonly #hashes: Uint32Array;
  /** Indices into `channel`, in the order of their turns. */
  readonly #turns: Int32Array;
  readonly #words: Uint32Array;
  readonly #taken = new ItemSet();

  constructor(names: readonly string[]) {
    this.#words = Uint32Array.from(names, (name) => hashWords(name)[0]);
    this.#hashes = new Uint32Array(names.length);
    this.#turns = new Int32Array(names.length);
  }

  start(): void {
    this.#count = 0;
  }

  /** Adds a candidate of a channel at a place of the order. Candidates must arrive grouped by channel. */
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
      // At most `count` candidates of each channel are needed.
      order.select(i32At(this.#start, c), i32At(this.#start, c + 1), count);
      this.#hashes[c] = fmix32(key ^ u32At(this.#words, i32At(this.#channel, c)));
      this.#turns[c] = c;
    }
    selectFirst(this.#turns, 0, this.#count, this.#count, this.#before);
    this.#taken.clear(count);
    let filled = 0;
    for (let round = 0; filled < count; round++) {
      for (let turn = 0; turn < this.#count; turn++) {
        const c = i32At(this.#turns, turn);
        const place = i32At(this.#start, c) + round;
        if (filled === count || place >= i32At(this.#start, c + 1)) continue;
        const item = order.itemAt(place);
        if (!this.#taken.add(item)) continue;
        taken[filled] = item;
        channelOf[filled] = i32At(this.#channel, c);
        filled++;
      }
    }
  }

  readonly #before: Before = (a, b) => {
    const left = u32At(this.#hashes, a);
    const right = u32At(this.#hashes, b);
    return left === right ? a < b : left < right;
  };
}
