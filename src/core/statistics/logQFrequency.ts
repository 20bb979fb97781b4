import { f64At, i32At, valueAt } from '../valueAt.ts';

/** Draws of one entry, a place for each. `groups` and `items` are numbered from 0. */
export interface ValuedDraws {
  readonly groups: Int32Array;
  readonly items: Int32Array;
  /** Natural logarithms of the probabilities that the file claims, at most 0. */
  readonly values: Float64Array;
  /**
   * By item: share of the draws whose user cannot draw it. 0 if the file does not exclude the choices of its users.
   */
  readonly excluded: Float64Array;
}

/** What the draws of a pool say about the probabilities that a file claims. Values of one item are equal. */
export interface LogQFrequency {
  readonly draws: number;
  readonly items: number;
  /** Whether all items have the same value. Then it may be that of lists, whose items may sum to more than 1. */
  readonly isEven: boolean;
  /** Sum of the claimed probabilities of the drawn items. */
  readonly mass: number;
  /**
   * Share of the draws that fall on items drawn once: about the probability of all items that were never drawn
   * (Good 1953).
   * 1 if draws are so few that groups of one pool have no item in common: then the rest of the pool is unknown.
   */
  readonly unseen: number;
  /** Standard error of `unseen`: √(f₁(1 − f₁/n) + 2f₂)/n, for f₁ and f₂ items drawn once and twice in n draws. */
  readonly unseenError: number;
  /** The b of P(item) ∝ exp(b · value), with its standard error; null if it cannot be told. 1: as claimed. */
  readonly slope: { readonly value: number; readonly error: number } | null;
}

/** Values of one item may differ by this much: draws that exclude something are renormalised. */
const SAME = 0.1;
/** Values of different items that differ by less are those of uniform draws. */
const EVEN = 0.05;
const MIN_DRAWS = 100;
/** Items that are claimed to be drawn more often, so that hardly any of them is never drawn. */
const MIN_EXPECTED = 10;
/** The draws of a group are distinct, so a likelier item is drawn less often than its probability says. */
const MAX_IN_GROUP = 0.1;
/** Share of the groups of a pool that may have no item in common with the others. */
const MAX_APART = 0.05;
const STEPS = 50;

interface Item {
  draws: number;
  least: number;
  most: number;
  sum: number;
}

/**
 * Compares the probabilities that a file claims with how often it draws its items. Only pools can be compared in which
 * each item has one value for all users. If the values of all items are equal, the file does not tell from how many
 * items a group drew, but its list is no larger than all that are drawn: the sum can only be too small. Groups that
 * have a common item draw from one pool. The result is that of the largest pool; null if there is none to compare.
 */
export function logQFrequency({ groups, items, values, excluded }: ValuedDraws): LogQFrequency | null {
  const byItem = itemsOf(items, values, excluded.length);
  const again = byItem.filter(({ draws }) => draws > 1).map(({ least, most }) => most - least);
  again.sort((a, b) => a - b);
  const spread = again[Math.floor(0.95 * again.length)];
  if (spread === undefined || spread > SAME) return null;
  const pools = poolsOf(groups, items, byItem.length);
  const counts = new Map<number, number>();
  for (const item of items) {
    const root = i32At(pools, item);
    counts.set(root, (counts.get(root) ?? 0) + 1);
  }
  const [largest, draws] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), [-1, 0]);
  const pool = byItem.flatMap((item, k) =>
    i32At(pools, k) === largest && item.draws > 0 ? [{ ...item, out: f64At(excluded, k) }] : [],
  );
  if (draws < MIN_DRAWS) return null;
  const drawnTimes = (times: number): number => pool.filter((item) => item.draws === times).length;
  const [once, twice] = [drawnTimes(1), drawnTimes(2)];
  return {
    draws,
    items: pool.length,
    isEven: isEven(pool),
    mass: pool.reduce((sum, { least }) => sum + Math.exp(least), 0),
    unseen: shareApart(groups, once / draws) > MAX_APART ? 1 : once / draws,
    unseenError: Math.sqrt(once * (1 - once / draws) + 2 * twice) / draws,
    slope: isEven(pool) ? null : slopeOf(pool, draws, meanSize(groups)),
  };
}

function itemsOf(items: Int32Array, values: Float64Array, count: number): Item[] {
  const all = Array.from({ length: count }, (): Item => ({ draws: 0, least: Infinity, most: -Infinity, sum: 0 }));
  for (const [row, number] of items.entries()) {
    const [item, value] = [all[number], f64At(values, row)];
    if (!item) continue;
    item.draws++;
    item.sum += value;
    item.least = Math.min(item.least, value);
    item.most = Math.max(item.most, value);
  }
  return all;
}

/** Whether all items have the same value, as uniform draws have. */
function isEven(pool: readonly Item[]): boolean {
  let [least, most] = [Infinity, -Infinity];
  for (const { sum, draws } of pool) {
    least = Math.min(least, sum / draws);
    most = Math.max(most, sum / draws);
  }
  return most - least < EVEN;
}

/** By item, one of the items of its pool: items of one group are of one pool. */
function poolsOf(groups: Int32Array, items: Int32Array, count: number): Int32Array {
  const parent = Int32Array.from({ length: count }, (_, item) => item);
  const root = (item: number): number => {
    let [top, own] = [item, item];
    while (i32At(parent, top) !== top) top = i32At(parent, top);
    while (i32At(parent, own) !== top) [own, parent[own]] = [i32At(parent, own), top];
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

/** About the share of groups whose items were all drawn once, if so many draws fall on such items. */
function shareApart(groups: Int32Array, unseen: number): number {
  const sizes = new Map<number, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  return [...sizes.values()].reduce((sum, size) => sum + unseen ** size, 0) / sizes.size;
}

function meanSize(groups: Int32Array): number {
  return groups.length / Math.max(1, new Set(groups).size);
}

/** By maximum likelihood over the items that are claimed to be drawn often. The error allows for overdispersion. */
function slopeOf(
  all: readonly (Item & { readonly out: number })[],
  draws: number,
  perGroup: number,
): LogQFrequency['slope'] {
  const often = all
    .map((item) => ({ n: item.draws, x: item.sum / item.draws, kept: 1 - item.out }))
    .filter(({ x, kept }) => draws * Math.exp(x) * kept >= MIN_EXPECTED && perGroup * Math.exp(x) <= MAX_IN_GROUP);
  const total = often.reduce((sum, { n }) => sum + n, 0);
  if (often.length < MIN_EXPECTED || total < MIN_DRAWS) return null;
  const observed = often.reduce((sum, { n, x }) => sum + n * x, 0) / total;
  const at = (b: number): { readonly shares: number[]; readonly mean: number; readonly variance: number } => {
    const weights = often.map(({ x, kept }) => kept * Math.exp(b * (x - observed)));
    const sum = weights.reduce((a, w) => a + w, 0);
    const shares = weights.map((w) => w / sum);
    const mean = often.reduce((a, { x }, k) => a + valueAt(shares, k) * x, 0);
    return { shares, mean, variance: often.reduce((a, { x }, k) => a + valueAt(shares, k) * (x - mean) ** 2, 0) };
  };
  let b = 1;
  for (let step = 0; step < STEPS; step++) {
    const { mean, variance } = at(b);
    if (!(variance > 1e-6)) return null;
    const next = b + Math.max(-1, Math.min(1, (observed - mean) / variance));
    if (Math.abs(next - b) < 1e-9) break;
    b = Math.max(-8, Math.min(8, next));
  }
  const { shares, variance } = at(b);
  const chi = often.reduce((sum, { n }, k) => {
    const expected = total * valueAt(shares, k);
    return sum + (n - expected) ** 2 / expected;
  }, 0);
  const dispersion = Math.max(1, chi / Math.max(1, often.length - 2));
  return { value: b, error: Math.sqrt(dispersion / (total * variance)) };
}
