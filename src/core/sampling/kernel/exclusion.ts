import { f64At, u32At } from '../../valueAt.ts';
import type { UserItems } from '../world/world.ts';
import { indexIn } from './search.ts';

const MASK = 1023;

/**
 * Items excluded for a user: at a time t those whose `last` is at or after t − lookback; at all times if there is no
 * `last`. A table of 1,024 marks answers for most items; the exact search runs only on a hit.
 */
export class Exclusion {
  readonly #marks = new Uint32Array(MASK + 1);
  /** Place of the last item that set each mark. */
  readonly #places = new Uint32Array(MASK + 1);
  #mark = 0;
  #from = 0;
  #to = 0;

  /** Null if exclusions never end. */
  readonly #last: Float64Array | null;

  constructor(
    private readonly excluded: UserItems,
    last: Float64Array | null,
    private readonly lookback: number,
  ) {
    this.#last = lookback === Infinity ? null : last;
  }

  startUser(user: number): void {
    const { offsets, items } = this.excluded;
    this.#from = u32At(offsets, user);
    this.#to = u32At(offsets, user + 1);
    this.#mark++;
    for (let k = this.#from; k < this.#to; k++) {
      const slot = u32At(items, k) & MASK;
      this.#marks[slot] = this.#mark;
      this.#places[slot] = k;
    }
  }

  excludes(item: number, time: number): boolean {
    const at = this.#find(item);
    return at >= 0 && (!this.#last || f64At(this.#last, at) >= time - this.lookback);
  }

  /** Time when the item's exclusion ends, µs; -Infinity if it is never excluded. */
  endOf(item: number): number {
    const at = this.#find(item);
    return at < 0 ? -Infinity : this.#endAt(at);
  }

  /** False for most items that are never excluded. */
  isMarked(item: number): boolean {
    return this.#marks[item & MASK] === this.#mark;
  }

  /** True if exclusions never end. */
  get isEndless(): boolean {
    return this.#last === null;
  }

  /** Number of the user's items that are excluded at some time. */
  get size(): number {
    return this.#to - this.#from;
  }
  /** Index among the user's excluded items; -1 if it is not one of them. */
  placeOf(item: number): number {
    const at = this.#find(item);
    return at < 0 ? -1 : at - this.#from;
  }
  itemAt(place: number): number {
    return u32At(this.excluded.items, this.#from + place);
  }
  /** Time when the exclusion of the item at a place ends, µs. */
  untilAt(place: number): number {
    return this.#endAt(this.#from + place);
  }

  #find(item: number): number {
    const { items } = this.excluded;
    const slot = item & MASK;
    if (this.#marks[slot] !== this.#mark) return -1;
    const at = u32At(this.#places, slot);
    return items[at] === item ? at : indexIn(items, this.#from, this.#to, item);
  }

  /** Times are whole microseconds, so the exclusion ends one after the last excluded time. */
  #endAt(at: number): number {
    return this.#last ? f64At(this.#last, at) + this.lookback + 1 : Infinity;
  }
}
