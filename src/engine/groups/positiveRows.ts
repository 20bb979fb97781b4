import { compareTexts } from '../../core/sampling/compareTexts.ts';
import { keySeparator } from '../../core/sampling/key.ts';
import { keyedDraw } from '../../core/sampling/keyedDraw.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { salts } from '../../core/sampling/salts.ts';
import { f64At, u32At } from '../../core/valueAt.ts';
import { type LoadedBlock } from './block.ts';
import { NO_EVENT } from './noEvent.ts';
import { keepOf } from './positiveGroups.ts';
import { emptyTally, type Grouping } from './group.ts';
import { swapped } from '../inputs/wordsAt.ts';
import type { LoadedWorld } from '../inputs/world/loadedWorld.ts';
import type { LogColumns } from './logColumns.ts';

/**
 * Selects the positives that have groups: equal keys are merged, hot items are downsampled, then the cap per day
 * applies.
 */
export class PositiveRows {
  readonly tally = emptyTally();
  readonly #rows: Uint32Array;
  readonly #keep: Float64Array;
  readonly #keepSalts;
  readonly #capSalts;
  #count = 0;

  constructor(
    private readonly plan: StagePlan,
    private readonly world: LoadedWorld,
    private readonly log: LogColumns,
    private readonly hot: Grouping['hot'],
  ) {
    let most = 0;
    for (const event of log.event) if (event !== NO_EVENT) most++;
    this.#rows = new Uint32Array(most);
    this.#keep = new Float64Array(most);
    this.#keepSalts = salts(plan, '@keep');
    this.#capSalts = salts(plan, '@cap');
  }

  /**
   * Ordered by user, then time, then key.
   * @param users offsets of their rows
   */
  of(users: Uint32Array): {
    readonly rows: Uint32Array;
    readonly keep: Float64Array;
    readonly offsets: Uint32Array;
    readonly tally: LoadedBlock['tally'];
  } {
    const offsets = new Uint32Array(users.length);
    for (let user = 0; user + 1 < users.length; user++) {
      this.#addUser(u32At(users, user), u32At(users, user + 1));
      offsets[user + 1] = this.#count;
    }
    return {
      rows: this.#rows.subarray(0, this.#count),
      keep: this.#keep.subarray(0, this.#count),
      offsets,
      tally: this.tally,
    };
  }

  #addUser(from: number, to: number): void {
    const { event, time } = this.log;
    const first = this.#count;
    for (let row = from, end: number; row < to; row = end) {
      end = row + 1;
      while (end < to && time[end] === time[row]) end++;
      if (end - row === 1) {
        if (event[row] !== NO_EVENT) this.#add(row);
      } else {
        this.#addEqualTimes(row, end);
      }
    }
    const most = this.plan.positives.maxPerUserPerDay;
    if (most !== null && this.#count - first > most) this.#cap(first, most);
  }

  #addEqualTimes(from: number, to: number): void {
    const rows: number[] = [];
    for (let row = from; row < to; row++) if (this.log.event[row] !== NO_EVENT) rows.push(row);
    if (rows.length > 1) rows.sort((a, b) => this.#compareKeys(a, b) || a - b);
    rows.forEach((row, k) => {
      const before = rows[k - 1];
      if (before !== undefined && this.#compareKeys(before, row) === 0) this.tally.collapsed++;
      else this.#add(row);
    });
  }

  #add(row: number): void {
    const { plan, hot } = this;
    const keep = keepOf(u32At(this.log.item, row), { plan, hot });
    if (plan.positives.hotThreshold !== null && this.#draw(row, this.#keepSalts) >= keep) {
      this.tally.thinned++;
      return;
    }
    this.#rows[this.#count] = row;
    this.#keep[this.#count++] = keep;
  }

  /**
   * For each day of a user, keeps the `most` rows with the smallest random numbers; ties are broken by key.
   * @param first position of the user's first row
   */
  #cap(first: number, most: number): void {
    const days = new Map<number, number[]>();
    for (let place = first; place < this.#count; place++) {
      const day = u32At(this.log.day, u32At(this.#rows, place));
      const own = days.get(day);
      if (own) own.push(place);
      else days.set(day, [place]);
    }
    const gone = new Set<number>();
    for (const places of days.values()) {
      if (places.length <= most) continue;
      const drawn = places.map((place) => ({
        place,
        row: u32At(this.#rows, place),
        u: this.#draw(u32At(this.#rows, place), this.#capSalts),
      }));
      for (const { place } of drawn.sort((a, b) => a.u - b.u || this.#compareKeys(a.row, b.row)).slice(most))
        gone.add(place);
    }
    let count = first;
    for (let place = first; place < this.#count; place++) {
      if (gone.has(place)) continue;
      this.#rows[count] = u32At(this.#rows, place);
      this.#keep[count++] = f64At(this.#keep, place);
    }
    this.tally.capped += gone.size;
    this.#count = count;
  }

  #draw(row: number, salted: ReturnType<typeof salts>): number {
    const { words } = this.log;
    return keyedDraw(swapped(u32At(words, 2 * row)), swapped(u32At(words, 2 * row + 1)), salted, 0).u;
  }

  /**
   * Compares keys of one user like their texts. Each part ends with the separator, because an id in the corpus may sort
   * after it.
   */
  #compareKeys(a: number, b: number): number {
    const { item, time, event } = this.log;
    const [left, right] = [u32At(item, a), u32At(item, b)];
    const part = (one: string, other: string): number => compareTexts(one + keySeparator, other + keySeparator);
    if (left !== right) return part(this.world.items.texts.textOf(left), this.world.items.texts.textOf(right));
    if (time[a] !== time[b]) return part(String(time[a]), String(time[b]));
    return (
      part(this.log.request(a) ?? '', this.log.request(b) ?? '') ||
      compareTexts(this.#eventName(event[a]), this.#eventName(event[b]))
    );
  }

  #eventName(event = NO_EVENT): string {
    return this.plan.positives.events[event]?.name ?? '';
  }
}
