import type { Exclusion } from '../../../../core/sampling/kernel/exclusion.ts';
import { classAt, type ClassNumbers } from '../../../../core/sampling/kernel/weightClasses.ts';
import type { Items } from '../../../../core/sampling/world/world.ts';
import { f64At, i32At, u16At, u32At } from '../../../../core/valueAt.ts';
import type { Written } from './drawBatchMemory.ts';
import type { EntryDraws } from './entryDraws.ts';

/** An entry of a mix, and the group that is currently put together. */
export class MixedEntry {
  /** Number of rows that it filled, of items that it can give, and the weight of those items. */
  filled = 0;
  acceptable = 0;
  total = 0;
  /** Columns of the rows that were drawn together. */
  written: Written;
  /** Index of the group's first draw in the row columns. */
  first = 0;
  /** What other entries may draw, but this one may not; null if there is no such item. */
  exclusion: Exclusion | null = null;
  /** Index of its set of excluded items; -1 for none. */
  set = -1;
  #pool = 0;
  readonly #classOfItem: ClassNumbers | null;
  readonly #weights: Float64Array;
  readonly #poolOfItem: Uint32Array | null;
  readonly #alwaysEligible: boolean;

  constructor(
    readonly draws: EntryDraws,
    private readonly items: Items,
  ) {
    const { classOfItem, weights, several, lives } = draws.columns;
    this.written = draws.written;
    this.#classOfItem = classOfItem;
    this.#weights = weights;
    this.#poolOfItem = several?.poolOfItem ?? null;
    this.#alwaysEligible = lives === null;
  }

  /** Starts the rows of another draw. */
  startRows(): void {
    this.written = this.draws.written;
    this.first = 0;
    this.filled = 0;
  }

  /** Moves to the next group of the batch. Its draws follow its positives. */
  moveTo(group: number, positives: number): void {
    const { filled, acceptable, total } = this.written;
    this.first += this.filled + positives;
    this.filled = u32At(filled, group);
    this.acceptable = i32At(acceptable, group);
    this.total = f64At(total, group);
    this.#pool = this.draws.poolOf(group);
  }

  #weightOf(item: number): number {
    if (this.#poolOfItem && this.#poolOfItem[item] !== this.#pool) return 0;
    return this.#classOfItem ? f64At(this.#weights, classAt(this.#classOfItem, item)) : 1;
  }

  /**
   * Adds the expected rows of items that an entry drew for the group: filled · chance. `items` are those of one group,
   * from `from` on, and `expected` has as many elements.
   * @param own the entry that drew the items
   */
  addExpected(items: Uint32Array, from: number, own: MixedEntry, time: number, expected: Float64Array): void {
    const { filled, total } = this;
    const count = own.filled;
    const exclusion = own.set === this.set ? null : this.exclusion;
    if (filled === 0) return;
    if (exclusion || this.#poolOfItem) this.#addOneByOne(items, from, own, time, exclusion, expected);
    else if (this.#classOfItem === null) {
      const all = filled * (1 / total);
      for (let k = 0; k < count; k++) expected[k] = f64At(expected, k) + all;
    } else if (this.#classOfItem instanceof Uint16Array) {
      const weights = this.#weights;
      const classes = this.#classOfItem;
      for (let k = 0; k < count; k++)
        expected[k] = f64At(expected, k) + filled * (f64At(weights, u16At(classes, u32At(items, from + k))) / total);
    } else {
      const weights = this.#weights;
      const classes = this.#classOfItem;
      for (let k = 0; k < count; k++)
        expected[k] = f64At(expected, k) + filled * (f64At(weights, u32At(classes, u32At(items, from + k))) / total);
    }
  }

  #addOneByOne(
    items: Uint32Array,
    from: number,
    own: MixedEntry,
    time: number,
    exclusion: Exclusion | null,
    expected: Float64Array,
  ): void {
    const { filled, total } = this;
    for (let k = 0; k < own.filled; k++) {
      const item = u32At(items, from + k);
      if (exclusion?.excludes(item, time) !== true)
        expected[k] = f64At(expected, k) + filled * (this.#weightOf(item) / total);
    }
  }

  /** Probability that a draw gives a positive of the group, treated as drawable. */
  chancePutBack(item: number, time: number): number {
    const weight = this.#weightOf(item);
    return weight > 0 && this.#isEligible(item, time) ? weight / (this.total + weight) : 0;
  }

  #isEligible(item: number, time: number): boolean {
    return this.#alwaysEligible || (f64At(this.items.created, item) <= time && time < f64At(this.items.removed, item));
  }
}
