import { f64At, i32At, u32At } from '../../valueAt.ts';
import type { Items, UserBlock } from '../world/world.ts';

/** The current group. One object is reused for all groups. */
export class CurrentGroup {
  index = 0;
  user = 0;
  time = 0;
  /** See `Groups.readTime`. */
  readTime = 0;
  /** `words(key)`. */
  k0 = 0;
  k1 = 0;
  /** Number of its request within the block; -1 if it has none. */
  request = -1;
  /** Its own positives are positives[from … to). */
  readonly positives: Uint32Array;
  /** Number of the block's groups, and the words of their keys, two each. */
  readonly groups: number;
  readonly keyWords: Uint32Array;
  from = 0;
  to = 0;
  readonly #isTimeless: boolean;

  constructor(
    private readonly block: UserBlock,
    private readonly items: Items,
  ) {
    this.#isTimeless = isTimeless(items);
    this.positives = block.groups.positives.items;
    this.groups = block.groups.count;
    this.keyWords = block.groups.keyWords;
  }

  moveTo(index: number, user: number): void {
    const { groups } = this.block;
    this.index = index;
    this.user = user;
    this.time = f64At(groups.time, index);
    this.readTime = f64At(groups.readTime, index);
    this.k0 = u32At(groups.keyWords, 2 * index);
    this.k1 = u32At(groups.keyWords, 2 * index + 1);
    this.request = i32At(groups.request, index);
    this.from = u32At(groups.positives.offsets, index);
    this.to = u32At(groups.positives.offsets, index + 1);
  }

  /** -1 if it has none. */
  get firstPositive(): number {
    return this.from < this.to ? u32At(this.positives, this.from) : -1;
  }

  /** True if its positive has an impression. */
  get isExposed(): boolean {
    return this.block.groups.positives.unexposed?.[this.from] !== 1;
  }

  isPositive(item: number): boolean {
    // There are only a few: a positive, or the clicks of a request.
    for (let k = this.from; k < this.to; k++) if (this.positives[k] === item) return true;
    return false;
  }

  isEligible(item: number): boolean {
    // Looking up both would pay the memory latency twice.
    return (
      this.#isTimeless || (f64At(this.items.created, item) <= this.time && this.time < f64At(this.items.removed, item))
    );
  }
}

const timeless = new WeakMap<Items, boolean>();

/** True if no item has a creation or removal time, so that all are always eligible. */
function isTimeless(items: Items): boolean {
  const known = timeless.get(items);
  if (known !== undefined) return known;
  let is = true;
  for (let item = 0; is && item < items.count; item++)
    is = items.created[item] === -Infinity && items.removed[item] === Infinity;
  timeless.set(items, is);
  return is;
}
