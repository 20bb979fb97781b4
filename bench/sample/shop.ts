import type { BulkGenerator } from '../../src/core/sampling/rng.ts';
import { exponentOf, itemWeight } from '../../src/core/sampling/weight.ts';
import type { DatedItems, ExcludedItems, Groups, Items } from '../../src/core/sampling/world/world.ts';

/** A shop of the size that the performance budget names, as typed arrays; no files are read. */
export const ITEMS = 500_000;
export const USERS = 100_000;
/** Average positives per user; uniform from 1 to twice the average minus one. */
const POSITIVES_OF_USER = 10;
/** Excluded items of a user in addition to the positives. */
const MORE_EXCLUDED = 10;
/** Total number of events in the items' counts, by Zipf's law. */
const EVENTS = 20_000_000;
const DAY = 86_400_000_000;

/** Items by popularity rank, and draws by Zipf's law with exponent 1. */
export class Popularity {
  readonly #item: Uint32Array;
  readonly #logarithm = Math.log(ITEMS + 1);

  constructor(private readonly random: BulkGenerator) {
    this.#item = Uint32Array.from({ length: ITEMS }, (_, item) => item);
    for (let index = ITEMS - 1; index > 0; index--) {
      const other = random.integerBelow(index + 1);
      [this.#item[index], this.#item[other]] = [this.#item[other] ?? 0, this.#item[index] ?? 0];
    }
  }

  draw(): number {
    return this.#item[Math.min(ITEMS - 1, Math.floor(Math.exp(this.random.unit() * this.#logarithm)) - 1)] ?? 0;
  }

  drawMany(count: number): number[] {
    return Array.from({ length: count }, () => this.draw());
  }

  /** Weights of `popularity` with exponent 0.75, by item. */
  weights(): Float64Array {
    const exponent = exponentOf(0.75);
    const weights = new Float64Array(ITEMS);
    this.#item.forEach((item, rank) => {
      weights[item] = itemWeight(Math.ceil(EVENTS / this.#logarithm / (rank + 1)), exponent);
    });
    return weights;
  }
}

/** Every item is always eligible. */
export function itemsOf(random: BulkGenerator): Items {
  return {
    count: ITEMS,
    hashWords: Uint32Array.from({ length: 2 * ITEMS }, () => random.word()),
    created: new Float64Array(ITEMS).fill(-Infinity),
    removed: new Float64Array(ITEMS).fill(Infinity),
  };
}

/** Groups of one positive each, every one its own request, and the excluded items of the users. */
export function usersOf(
  users: number,
  random: BulkGenerator,
  popularity: Popularity,
): { readonly groups: Groups; readonly excluded: ExcludedItems } {
  const offsets = new Uint32Array(users + 1);
  for (let user = 0; user < users; user++)
    offsets[user + 1] = (offsets[user] ?? 0) + 1 + random.integerBelow(2 * POSITIVES_OF_USER - 1);
  const count = offsets[users] ?? 0;
  const time = new Float64Array(count);
  const items = Uint32Array.from(time, () => popularity.draw());
  for (let user = 0; user < users; user++) {
    const userTimes = time.subarray(offsets[user], offsets[user + 1]);
    userTimes.forEach((_, k) => {
      userTimes[k] = Math.floor(random.unit() * 30 * DAY);
    });
    userTimes.sort();
  }
  const numbers = Uint32Array.from({ length: count + 1 }, (_, group) => group);
  const positives = {
    offsets: numbers,
    items,
    weights: new Float64Array(count).fill(1),
    events: new Uint8Array(count),
    keep: new Float64Array(count).fill(NaN),
  };
  const groups: Groups = {
    count,
    offsets,
    time,
    readTime: time,
    keyWords: Uint32Array.from({ length: 2 * count }, () => random.word()),
    keys: [],
    request: new Int32Array(numbers.buffer, 0, count),
    requestText: [],
    positives,
  };
  const owned = userItems(users, (user) => {
    const excludedItems = [...items.subarray(offsets[user], offsets[user + 1])];
    for (let k = 0; k < MORE_EXCLUDED; k++) excludedItems.push(popularity.draw());
    return excludedItems;
  });
  return {
    groups,
    excluded: { ...owned, last: new Float64Array(owned.items.length).fill(30 * DAY), lookback: Infinity },
  };
}

/** Distinct items of each of `count` owners, ascending. */
export function userItems(count: number, itemsOf: (owner: number) => readonly number[]): DatedItems {
  const offsets = new Uint32Array(count + 1);
  let items = new Uint32Array(1024);
  for (let owner = 0; owner < count; owner++) {
    const ownerItems = Uint32Array.from(itemsOf(owner)).sort();
    let end = offsets[owner] ?? 0;
    if (end + ownerItems.length > items.length) {
      const grown = new Uint32Array(2 * (end + ownerItems.length));
      grown.set(items);
      items = grown;
    }
    ownerItems.forEach((item, k) => {
      if (k === 0 || item !== ownerItems[k - 1]) items[end++] = item;
    });
    offsets[owner + 1] = end;
  }
  return { offsets, items: items.slice(0, offsets[count]), since: null };
}
