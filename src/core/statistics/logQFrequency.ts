import { f64At, i32At, valueAt } from '../valueAt.ts';

/** Draws of one entry, one value of each array for each draw. `groups` and `items` are numbered from 0. */
export interface ValuedDraws {
  readonly groups: Int32Array;
  readonly items: Int32Array;
  /** Log probabilities that the file claims: natural logarithms, at most 0. */
  readonly values: Float64Array;
  /** By item: share of the draws whose user cannot draw it. 0 if the file does not exclude the choices of its users. */
  readonly excluded: Float64Array;
}

/** The draws of a pool, compared with the probabilities that a file claims. Values of one item are equal. */
export interface LogQFrequency {
  readonly draws: number;
  readonly items: number;
  /** True if all items have the same value. Then the entry may be a list, whose items may sum to more than 1. */
  readonly isEven: boolean;
  /** Sum of the claimed probabilities of the drawn items. */
  readonly mass: number;
  /**
   * Share of the draws whose item is drawn once: an estimate of the probability of all items that were never drawn
   * (Good 1953). 1 if draws are so few that the groups of a pool share no item: then the size of the pool is unknown.
   */
  readonly unseen: number;
  /** Standard error of `unseen`: √(f₁(1 − f₁/n) + 2f₂)/n, for f₁ and f₂ items drawn once and twice in n draws. */
  readonly unseenError: number;
  /** The b of P(item) ∝ exp(b · value), with its standard error. 1: as claimed; null if it cannot be estimated. */
  readonly slope: { readonly value: number; readonly error: number } | null;
}

/** Largest difference between values of one item. They differ because exclusions renormalize the probabilities. */
const MAX_SPREAD = 0.1;
/** Largest difference between values of different items that still counts as uniform. */
const EVEN_SPREAD = 0.05;
/** Fewest draws that can be compared. */
const MIN_DRAWS = 100;
/** Fewest expected draws of an item, so that almost no such item is never drawn; also the fewest items. */
const MIN_EXPECTED = 10;
/**
 * Largest expected draws per group. The draws of a group are distinct, so likelier items are drawn less than claimed.
 */
const MAX_IN_GROUP = 0.1;
/** Largest share of the groups of a pool that may share no item with the others. */
const MAX_APART = 0.05;
/** Limit of the steps of Newton's method. */
const STEPS = 50;

interface Item {
  draws: number;
  min: number;
  max: number;
  sum: number;
}

/**
 * Compares the probabilities that a file claims with how often it draws its items. Groups that share an item draw from
 * one pool, and the largest pool is compared. Each item must have one value for all users. If all items have the same
 * value, the file does not say how many items a group drew from; the pool has at least the drawn items, so `mass` can
 * only be too small. Null if there is nothing to compare.
 */
export function logQFrequency({ groups, items, values, excluded }: ValuedDraws): LogQFrequency | null {
  const byItem = itemsOf(items, values, excluded.length);
  const spreads = byItem.filter(({ draws }) => draws > 1).map(({ min: least, max: most }) => most - least);
  spreads.sort((a, b) => a - b);
  const spread = spreads[Math.floor(0.95 * spreads.length)];
  if (spread === undefined || spread > MAX_SPREAD) return null;
  const pools = poolsOf(groups, items, byItem.length);
  const counts = new Map<number, number>();
  for (const item of items) {
    const root = i32At(pools, item);
    counts.set(root, (counts.get(root) ?? 0) + 1);
  }
  const [largest, draws] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), [-1, 0]);
  const pool = byItem.flatMap((item, k) =>
    i32At(pools, k) === largest && item.draws > 0 ? [{ ...item, excluded: f64At(excluded, k) }] : [],
  );
  if (draws < MIN_DRAWS) return null;
  const itemsDrawn = (times: number): number => pool.filter((item) => item.draws === times).length;
  const [once, twice] = [itemsDrawn(1), itemsDrawn(2)];
  return {
    draws,
    items: pool.length,
    isEven: isEven(pool),
    mass: pool.reduce((sum, { min: least }) => sum + Math.exp(least), 0),
    unseen: shareApart(groups, once / draws) > MAX_APART ? 1 : once / draws,
    unseenError: Math.sqrt(once * (1 - once / draws) + 2 * twice) / draws,
    slope: isEven(pool) ? null : slopeOf(pool, draws, meanSize(groups)),
  };
}

function itemsOf(items: Int32Array, values: Float64Array, count: number): Item[] {
  const all = Array.from({ length: count }, (): Item => ({ draws: 0, min: Infinity, max: -Infinity, sum: 0 }));
  for (const [row, number] of items.entries()) {
    const [item, value] = [all[number], f64At(values, row)];
    if (!item) continue;
    item.draws++;
    item.sum += value;
    item.min = Math.min(item.min, value);
    item.max = Math.max(item.max, value);
  }
  return all;
}

/** True if all items have the same value, as in uniform draws. */
function isEven(pool: readonly Item[]): boolean {
  let [min, max] = [Infinity, -Infinity];
  for (const { sum, draws } of pool) {
    min = Math.min(min, sum / draws);
    max = Math.max(max, sum / draws);
  }
  return max - min < EVEN_SPREAD;
}

/** For each item, the item that represents its pool. Items of one group are in one pool. */
function poolsOf(groups: Int32Array, items: Int32Array, count: number): Int32Array {
  const parent = Int32Array.from({ length: count }, (_, item) => item);
  const root = (item: number): number => {
    let [top, node] = [item, item];
    while (i32At(parent, top) !== top) top = i32At(parent, top);
    while (i32At(parent, node) !== top) [node, parent[node]] = [i32At(parent, node), top];
    return top;
  };
  const first = new Map<number, number>();
  for (const [row, group] of groups.entries()) {
    const item = i32At(items, row);
    const other = first.get(group);
    if (other === undefined) first.set(group, item);
    else parent[root(item)] = root(other);
  }
  return Int32Array.from({ length: count }, (_, item) => root(item));
}

/** Estimated share of groups whose items were all drawn once, if draws of such items have the share `unseen`. */
function shareApart(groups: Int32Array, unseen: number): number {
  const sizes = new Map<number, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  return [...sizes.values()].reduce((sum, size) => sum + unseen ** size, 0) / sizes.size;
}

function meanSize(groups: Int32Array): number {
  return groups.length / Math.max(1, new Set(groups).size);
}

/** Maximum likelihood over the items with enough expected draws. The error allows for overdispersion. */
function slopeOf(
  all: readonly (Item & { readonly excluded: number })[],
  draws: number,
  groupSize: number,
): LogQFrequency['slope'] {
  const frequent = all
    .map((item) => ({ n: item.draws, x: item.sum / item.draws, allowed: 1 - item.excluded }))
    .filter(
      ({ x, allowed }) => draws * Math.exp(x) * allowed >= MIN_EXPECTED && groupSize * Math.exp(x) <= MAX_IN_GROUP,
    );
  const total = frequent.reduce((sum, { n }) => sum + n, 0);
  if (frequent.length < MIN_EXPECTED || total < MIN_DRAWS) return null;
  const observed = frequent.reduce((sum, { n, x }) => sum + n * x, 0) / total;
  const momentsAt = (b: number): { readonly shares: number[]; readonly mean: number; readonly variance: number } => {
    const weights = frequent.map(({ x, allowed }) => allowed * Math.exp(b * (x - observed)));
    const sum = weights.reduce((a, w) => a + w, 0);
    const shares = weights.map((w) => w / sum);
    const mean = frequent.reduce((a, { x }, k) => a + valueAt(shares, k) * x, 0);
    return { shares, mean, variance: frequent.reduce((a, { x }, k) => a + valueAt(shares, k) * (x - mean) ** 2, 0) };
  };
  let b = 1;
  for (let step = 0; step < STEPS; step++) {
    const { mean, variance } = momentsAt(b);
    if (!(variance > 1e-6)) return null;
    const next = b + Math.max(-1, Math.min(1, (observed - mean) / variance));
    if (Math.abs(next - b) < 1e-9) break;
    b = Math.max(-8, Math.min(8, next));
  }
  const { shares, variance } = momentsAt(b);
  const chi = frequent.reduce((sum, { n }, k) => {
    const expected = total * valueAt(shares, k);
    return sum + (n - expected) ** 2 / expected;
  }, 0);
  const dispersion = Math.max(1, chi / Math.max(1, frequent.length - 2));
  return { value: b, error: Math.sqrt(dispersion / (total * variance)) };
}
