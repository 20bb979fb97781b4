import type { PlanEntry, StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { dailyCount } from '../../core/source/options.ts';
import { f64At } from '../../core/valueAt.ts';
import type { LoadedWorld } from '../inputs/world/loadedWorld.ts';

/** The weight of each item of the pools, by item number. */
export interface ItemWeights {
  readonly items: Uint32Array;
  readonly weights: Float64Array;
  /** Indices of the entries whose draws the weights represent. */
  readonly entries: readonly number[];
}

/** The plan with all counts up to the training cut: an item table has one weight for all days. */
export function countedAtCut(plan: StagePlan): StagePlan {
  return {
    ...plan,
    entries: plan.entries.map((entry): PlanEntry => {
      const count = dailyCount(entry);
      const { draws } = entry;
      return count === null || draws.kind !== 'pool' || draws.weight === null
        ? entry
        : { ...entry, draws: { ...draws, weight: { ...draws.weight, count: { ...count, asOf: null } } } };
    }),
  };
}

/**
 * Weights with which one item table draws like the pools of a mix together. For one entry, these are the weights of its
 * pool, or 1 if all weights are equal.
 * For several entries: sum their probabilities, each times the entry's share of the requested amounts, then multiply by
 * the number of items.
 * An entry with a pool for each value of a user attribute uses its overall pool. An entry that follows the positive's
 * attributes has no such pool.
 */
export function itemWeights(plan: StagePlan, { pools, items: { count } }: LoadedWorld): ItemWeights {
  const drawn = plan.entries.flatMap(({ draws, amount }, k) => {
    const [pool] = pools[k]?.pools ?? [];
    return draws.kind !== 'pool' ||
      draws.partition?.by === 'positive' ||
      amount === 0 ||
      pool === undefined ||
      pool.items.length === 0
      ? []
      : [{ k, amount, pool }];
  });
  const entries = drawn.map(({ k }) => k);
  const [first, second] = drawn;
  if (first !== undefined && second === undefined)
    return {
      items: first.pool.items,
      weights: first.pool.weights ?? new Float64Array(first.pool.items.length).fill(1),
      entries,
    };
  const sums = new Float64Array(count);
  const whole = drawn.reduce((sum, { amount }) => sum + amount, 0);
  for (const { amount, pool } of drawn) {
    const total = pool.weights?.reduce((sum, weight) => sum + weight, 0) ?? pool.items.length;
    pool.items.forEach((item, at) => {
      sums[item] = f64At(sums, item) + (amount / whole) * ((pool.weights ? f64At(pool.weights, at) : 1) / total);
    });
  }
  const items = Uint32Array.from(sums.keys()).filter((item) => f64At(sums, item) > 0);
  return { items, weights: Float64Array.from(items, (item) => f64At(sums, item) * items.length), entries };
}
