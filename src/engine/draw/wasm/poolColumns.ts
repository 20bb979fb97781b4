import { classesByItem, type PreparedPool } from '../../../core/sampling/kernel/preparedPool.ts';
import { countUpTo } from '../../../core/sampling/kernel/search.ts';
import { classAt, classNumbers, type ClassNumbers } from '../../../core/sampling/kernel/weightClasses.ts';
import { allocatePrivate } from '../../../core/sampling/alias.ts';
import type { Items } from '../../../core/sampling/world/world.ts';
import { f64At, u32At } from '../../../core/valueAt.ts';

/** Words of a pool in the table of pools. */
export const POOL_WORDS = 5;
/** The word of a pool that is the address of its columns. */
export const ADDRESS_WORD = 2;
const NEVER = 0xffffffff;
/** The pool of an item that no pool holds. */
const NO_POOL = 0xffffffff;

/** Pools as columns for `assembly/poolDrawBatch.ts`, which documents each. */
export interface PoolColumns {
  readonly poolSize: number;
  readonly columns: Uint32Array | null;
  readonly bits: number;
  /** By column. */
  readonly thresholds: Uint32Array | null;
  readonly itemOfPlace: Uint32Array | null;
  readonly classOfPlace: ClassNumbers | null;
  readonly classOfItem: ClassNumbers | null;
  readonly weights: Float64Array;
  readonly logs: Float64Array;
  readonly lives: Uint32Array | null;
  readonly eligibleWeights: Float64Array;
  readonly eligibleCounts: Float64Array;
  /** Null for one pool. */
  readonly several: SeveralPools | null;
}

export interface SeveralPools {
  /** `pools`, with the first column instead of its address. */
  readonly table: Uint32Array;
  readonly poolOfItem: Uint32Array;
  /** The first state of each pool, then the state of groups without a pool. */
  readonly firstStates: Uint32Array;
}

export function columnsOfPool(pool: PreparedPool, items: Items): PoolColumns {
  const { columns, isWhole, classOfPlace, dense, classes } = pool;
  return {
    poolSize: pool.items.length,
    columns: columns?.words ?? null,
    bits: columns?.bits ?? 0,
    thresholds: columns?.thresholds ?? null,
    itemOfPlace: isWhole ? null : pool.items,
    classOfPlace,
    classOfItem: isWhole ? classOfPlace : (dense ?? classesByItem(pool, items, allocatePrivate)),
    weights: classes.weights,
    logs: classes.logs,
    lives: pool.alwaysEligible ? null : livesOf(items, () => ({ changes: pool.changes, first: 0 })),
    eligibleWeights: pool.eligibleWeight,
    eligibleCounts: pool.eligibleCount,
    several: null,
  };
}

/** @returns null if pools share an item, all are empty, or only some of them have weights */
export function columnsOfPools(pools: readonly PreparedPool[], items: Items): PoolColumns | null {
  const poolOfItem = new Uint32Array(items.count).fill(NO_POOL);
  for (const [k, pool] of pools.entries())
    for (const item of pool.items) {
      if (u32At(poolOfItem, item) !== NO_POOL) return null;
      poolOfItem[item] = k;
    }
  const isWeighted = pools.some(({ columns }) => columns !== null);
  if (pools.some(({ columns }) => (columns !== null) !== isWeighted)) return null;
  const sum = (of: (pool: PreparedPool) => number): number => pools.reduce((all, pool) => all + of(pool), 0);
  const classCount = isWeighted ? 1 + sum(({ classes }) => classes.weights.length - 1) : 2;
  const placeCount = sum((pool) => pool.items.length);
  const columnCount = sum(({ columns }) => columns?.words.length ?? 0);
  const stateCount = 1 + sum(({ eligibleWeight }) => eligibleWeight.length);
  const words = isWeighted ? new Uint32Array(columnCount) : null;
  const thresholds = isWeighted ? new Uint32Array(columnCount) : null;
  const itemOfPlace = new Uint32Array(placeCount);
  const classOfPlace = isWeighted ? classNumbers(placeCount, classCount, allocatePrivate) : null;
  const classOfItem = isWeighted ? classNumbers(items.count, classCount, allocatePrivate) : null;
  const weights = new Float64Array(classCount);
  const logs = new Float64Array(classCount);
  const eligibleWeights = new Float64Array(stateCount);
  const eligibleCounts = isWeighted ? new Float64Array(stateCount) : eligibleWeights;
  const table = new Uint32Array(POOL_WORDS * (pools.length + 1));
  const firstStates = new Uint32Array(pools.length + 1);
  // Class 0 is that of items outside of all pools.
  let [place, column, state, classesBefore] = [0, 0, 0, 0];
  for (const [k, pool] of pools.entries()) {
    const { columns, classes } = pool;
    table.set([place, pool.items.length, column, columns?.bits ?? 0, column], POOL_WORDS * k);
    firstStates[k] = state;
    itemOfPlace.set(pool.items, place);
    weights.set(classes.weights.subarray(1), classesBefore + 1);
    logs.set(classes.logs.subarray(1), classesBefore + 1);
    if (pool.classOfPlace && classOfPlace && classOfItem)
      for (let at = 0; at < pool.items.length; at++) {
        const number = classesBefore + classAt(pool.classOfPlace, at);
        classOfPlace[place + at] = number;
        classOfItem[u32At(pool.items, at)] = number;
      }
    if (columns) {
      words?.set(columns.words, column);
      thresholds?.set(columns.thresholds, column);
    }
    eligibleWeights.set(pool.eligibleWeight, state);
    if (isWeighted) eligibleCounts.set(pool.eligibleCount, state);
    place += pool.items.length;
    column += columns?.words.length ?? 0;
    state += pool.eligibleWeight.length;
    // Without weights, all pools share a class.
    if (isWeighted) classesBefore += classes.weights.length - 1;
  }
  // Groups without a pool, or with an empty one, make attempts like another pool, and take none of them.
  const used = pools.findIndex(({ items: held }) => held.length > 0);
  if (used < 0) return null;
  for (let k = 0; k <= pools.length; k++)
    if ((pools[k]?.items.length ?? 0) === 0)
      table.copyWithin(POOL_WORDS * k, POOL_WORDS * used, POOL_WORDS * (used + 1));
  firstStates[pools.length] = state;
  return {
    poolSize: 0,
    columns: words,
    bits: 0,
    thresholds,
    itemOfPlace,
    classOfPlace,
    classOfItem,
    weights,
    logs,
    lives: pools.every(({ alwaysEligible }) => alwaysEligible)
      ? null
      : livesOf(items, (item) => {
          const pool = pools[u32At(poolOfItem, item)];
          return pool ? { changes: pool.changes, first: u32At(firstStates, u32At(poolOfItem, item)) } : null;
        }),
    eligibleWeights,
    eligibleCounts,
    several: { table, poolOfItem, firstStates },
  };
}

/**
 * By item: the states of its pool, numbered by the changes of the pool, in which the item is eligible. From the first
 * number, up to but excluding the second.
 */
function livesOf(
  { count, created, removed }: Items,
  poolOf: (item: number) => { readonly changes: Float64Array; readonly first: number } | null,
): Uint32Array {
  const lives = new Uint32Array(2 * count);
  for (let item = 0; item < count; item++) {
    const from = f64At(created, item);
    const to = f64At(removed, item);
    const pool = from < to ? poolOf(item) : null;
    lives[2 * item] = pool ? pool.first + countUpTo(pool.changes, from) : NEVER;
    lives[2 * item + 1] = pool && to < Infinity ? pool.first + countUpTo(pool.changes, to) : NEVER;
  }
  return lives;
}
