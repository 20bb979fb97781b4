import { exponentOf, itemWeight } from '../../../core/sampling/weight.ts';
import type { CountPlan, PoolPlan } from '../../../core/sampling/plan/stagePlan.ts';
import type { EntryPools, PoolItems } from '../../../core/sampling/world/world.ts';
import type { CountOf, GroupCounts } from './counts.ts';
import type { Matches } from './matches.ts';

/** What the pools of an entry are made of. */
export interface PoolInputs {
  /** 1 for the items that may be in it. */
  readonly members: Uint8Array;
  /** By item; null where every item weighs alike. */
  readonly counts: Float64Array | null;
  readonly groups: readonly GroupCounts[] | null;
  readonly matches: Matches | null;
}

/** The rows that a plan counts: after `asOf − window`, up to `asOf`. */
export function countOf({ of, window }: CountPlan, asOf: number): CountOf {
  return { any: [of], from: window === null ? -Infinity : asOf - window + 1, to: asOf };
}

/**
 * The pools of an entry. Partitions by a user's attribute begin with the pool of all, then the values that have events; those by the positive's
 * attributes have a pool for each combination of the corpus, be it empty.
 */
export function poolsOf(plan: PoolPlan, { members, counts, groups, matches }: PoolInputs): EntryPools {
  const weigh = plan.weight === null ? null : new Weighing(plan.weight.smoothing, plan.weight.exponent);
  const every: number[] = [];
  for (let item = 0; item < members.length; item++) if (members[item] === 1) every.push(item);
  if (matches) {
    const items: number[][] = matches.names.map(() => []);
    for (const item of every) items[matches.ofItem[item] ?? -1]?.push(item);
    return { pools: matches.names.map((name, k) => pool(name, items[k] ?? [], counts, weigh)), ofItem: matches.ofItem };
  }
  const all = pool(null, every, counts, weigh);
  if (!groups) return { pools: [all], ofItem: null };
  const byItem = new Float64Array(members.length);
  const own = groups.flatMap((group) => {
    const counted = group.items.filter((item) => members[item] === 1);
    // A value without events on items of the pool says nothing of its users' tastes: they take the pool of all.
    if (counted.length === 0) return [];
    group.items.forEach((item, k) => {
      byItem[item] = group.counts[k] ?? 0;
    });
    // What has no events has no weight unless something is added to every count.
    const own = pool(group.value, plan.weight?.smoothing === 0 ? counted : every, byItem, weigh);
    for (const item of group.items) byItem[item] = 0;
    return [own];
  });
  return { pools: [all, ...own], ofItem: null };
}

function pool(
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
    const weight = weigh.of(counts[item] ?? 0);
    if (weight === 0) continue;
    items[size] = item;
    weights[size++] = weight;
  }
  return { name, items: items.slice(0, size), weights: weights.slice(0, size) };
}

/** Weights by count, each count weighed once: there are far fewer than items. */
class Weighing {
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
