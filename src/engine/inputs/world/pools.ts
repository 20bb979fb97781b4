import { exponentOf, itemWeight } from '../../../core/sampling/weight.ts';
import type { CountPlan, PoolPlan } from '../../../core/sampling/plan/stagePlan.ts';
import type { EntryPools, PoolItems } from '../../../core/sampling/world/world.ts';
import { f64At, i32At } from '../../../core/valueAt.ts';
import type { CountOf, GroupCounts } from './counts.ts';
import type { Matches } from './matches.ts';

/** The input for the pools of an entry. */
export interface PoolInputs {
  /** 1 for the items that may be in the pool. */
  readonly members: Uint8Array;
  /** By item; null if all items have the same weight. */
  readonly counts: Float64Array | null;
  readonly groups: readonly GroupCounts[] | null;
  readonly matches: Matches | null;
}

/** The rows that a plan counts: after `asOf − window`, up to `asOf`. */
export function countOf({ of, window }: CountPlan, asOf: number): CountOf {
  return { any: [of], from: window === null ? -Infinity : asOf - window + 1, to: asOf };
}

/**
 * The pools of an entry. With partitions by a user attribute, the overall pool comes first, then one pool for each
 * value with events.
 * With partitions by the positive's attributes, there is one pool for each combination in the corpus, even if it is
 * empty.
 */
export function poolsOf(plan: PoolPlan, { members, counts, groups, matches }: PoolInputs): EntryPools {
  const weigh = plan.weight === null ? null : new Weighing(plan.weight.smoothing, plan.weight.exponent);
  const every: number[] = [];
  for (let item = 0; item < members.length; item++) if (members[item] === 1) every.push(item);
  if (matches) {
    const items: number[][] = matches.names.map(() => []);
    for (const item of every) items[i32At(matches.ofItem, item)]?.push(item);
    return { pools: matches.names.map((name, k) => pool(name, items[k] ?? [], counts, weigh)), ofItem: matches.ofItem };
  }
  const all = pool(null, every, counts, weigh);
  if (!groups) return { pools: [all], ofItem: null };
  const byItem = new Float64Array(members.length);
  const own = groups.flatMap((group) => {
    const counted = group.items.filter((item) => members[item] === 1);
    // A value without events on items of the pool says nothing about its users, so they use the overall pool.
    if (counted.length === 0) return [];
    group.items.forEach((item, k) => {
      byItem[item] = f64At(group.counts, k);
    });
    // An item without events has no weight unless smoothing adds to every count.
    const own = pool(group.values.join(', '), plan.weight?.smoothing === 0 ? counted : every, byItem, weigh);
    for (const item of group.items) byItem[item] = 0;
    return [{ ...own, values: group.values }];
  });
  return { pools: [all, ...own], ofItem: null };
}

/** The items with weight, with their weights. */
export function pool(
  name: string | null,
  candidates: ArrayLike<number> & Iterable<number>,
  counts: Float64Array | null,
  weigh: Weighing | null,
): PoolItems {
  if (counts === null || weigh === null) return { name, items: Uint32Array.from(candidates), weights: null };
  const items = new Uint32Array(candidates.length);
  const weights = new Float64Array(candidates.length);
  let size = 0;
  for (const item of candidates) {
    const weight = weigh.of(f64At(counts, item));
    if (weight === 0) continue;
    items[size] = item;
    weights[size++] = weight;
  }
  return { name, items: items.slice(0, size), weights: weights.slice(0, size) };
}

/** Weights by count. Each distinct count is weighed once, because there are far fewer counts than items. */
export class Weighing {
  readonly #known = new Map<number, number>();

  readonly #exponent: number;

  constructor(
    private readonly smoothing: number,
    exponent: number,
  ) {
    this.#exponent = exponentOf(exponent);
  }

  of(count: number): number {
    let weight = this.#known.get(count);
    if (weight === undefined) {
      weight = itemWeight(count + this.smoothing, this.#exponent);
      this.#known.set(count, weight);
    }
    return weight;
  }
}
