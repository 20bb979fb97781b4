import type { UserItems } from '../world/world.ts';
import { indexIn } from './search.ts';

const MASK = 1023;

/**
 * Items that a user is not given: at a time t those whose `last` is at or after t − lookback, or at all times where
 * there is no `last`. A table of 1,024 marks answers for most items; the exact search runs on a hit alone.
 */
export class Exclusion {
  readonly #marks = new Uint32Array(MASK + 1);
  /** Place of the last item that left each mark. */
  readonly #places = new Uint32Array(MASK + 1);
  #mark = 0;
  #from = 0;
  #to = 0;

  /** Null where what is excluded stays so. */
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
    this.#from = offsets[user] ?? 0;
    this.#to = offsets[user + 1] ?? 0;
    this.#mark++;
    for (let k = this.#from; k < this.#to; k++) {
      const slot = (items[k] ?? 0) & MASK;
      this.#marks[slot] = this.#mark;
      this.#places[slot] = k;
    }
  }

  excludes(item: number, time: number): boolean {
    const at = this.#find(item);
    return at >= 0 && (!this.#last || (this.#last[at] ?? 0) >= time - this.lookback);
  }

  /** From when on the item is not excluded any more, µs; -Infinity where it never is. */
  until(item: number): number {
    const at = this.#find(item);
    return at < 0 ? -Infinity : this.#endAt(at);
  }

  /** False for most items that are not excluded at any time. */
  isMarked(item: number): boolean {
    return this.#marks[item & MASK] === this.#mark;
  }

  /** What is excluded stays so. */
  get isEndless(): boolean {
    return this.#last === null;
  }

  /** How many items the user has, excluded at some time. */
  get size(): number {
    return this.#to - this.#from;
  }
  /** Where it is among the items of the user; -1 where it is not. */
  placeOf(item: number): number {
    const at = this.#find(item);
    return at < 0 ? -1 : at - this.#from;
  }
  itemAt(place: number): number {
    return this.excluded.items[this.#from + place] ?? 0;
  }
  /** From when on the item at a place is not excluded any more, µs. */
  untilAt(place: number): number {
    return this.#endAt(this.#from + place);
  }

  #find(item: number): number {
    const { items } = this.excluded;
    const slot = item & MASK;
    if (this.#marks[slot] !== this.#mark) return -1;
    const at = this.#places[slot] ?? 0;
    return items[at] === item ? at : indexIn(items, this.#from, this.#to, item);
  }

  /** Times are whole microseconds, so the first that is not excluded is one behind the last that is. */
  #endAt(at: number): number {
    return this.#last ? (this.#last[at] ?? 0) + this.lookback + 1 : Infinity;
  }
}
