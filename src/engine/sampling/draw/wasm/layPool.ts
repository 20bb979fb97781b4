import { attemptLimit } from '../../../../core/sampling/kernel/attemptBlock.ts';
import { Refusal } from '../../../../core/sampling/kernel/drawer.ts';
import type { PreparedPool } from '../../../../core/sampling/kernel/preparedPool.ts';
import { countUpTo } from '../../../../core/sampling/kernel/search.ts';
import { attemptWord } from '../../../../core/sampling/keyedDraw.ts';
import type { Salts } from '../../../../core/sampling/salts.ts';
import type { Items } from '../../../../core/sampling/world/world.ts';
import { f64At } from '../../../../core/valueAt.ts';
import type { Arena } from './arena.ts';
import type { PoolDrawBatchExports } from './instance.ts';

/** Number of reasons by which rejected attempts are counted. */
export const REFUSALS = Object.keys(Refusal).length;

/** Copies a pool into the memory of the module, and reserves memory for the state of the module. */
export function layPool(
  arena: Arena,
  exports: PoolDrawBatchExports,
  pool: PreparedPool,
  items: Items,
  { s0, s1 }: Salts,
  mostQuota: number,
): void {
  const { columns, isWhole, classOfPlace, dense, classes } = pool;
  exports.poolSize.value = pool.items.length;
  exports.salt0.value = s0;
  exports.salt1.value = s1;
  exports.columns.value = arena.keep(columns?.words ?? null);
  exports.bits.value = columns?.bits ?? 0;
  exports.itemOfPlace.value = isWhole ? 0 : arena.keep(pool.items);
  exports.classOfPlace.value = arena.keep(classOfPlace);
  exports.classOfItem.value = isWhole ? exports.classOfPlace.value : arena.keep(dense);
  exports.wide.value = (classOfPlace ?? dense) instanceof Uint32Array ? 1 : 0;
  exports.weights.value = arena.keep(classes.weights);
  exports.logs.value = arena.keep(classes.logs);
  exports.lives.value = pool.alwaysEligible ? 0 : arena.keep(livesOf(pool, items));
  exports.eligibleWeights.value = arena.keep(pool.eligibleWeight);
  exports.eligibleCounts.value =
    pool.eligibleCount === pool.eligibleWeight ? exports.eligibleWeights.value : arena.keep(pool.eligibleCount);
  // The module reads four at a time.
  exports.attemptWords.value = arena.keep(
    Uint32Array.from({ length: attemptLimit(mostQuota) + 3 }, (_, k) => attemptWord(k)),
  );
  // Attempts of a block, as many again for one group after them, and three extra because of vectors.
  const attempts = 2 * exports.BLOCK.value + 3;
  for (const key of ['places', 'hashes', 'classes', 'ties'] as const) exports[key].value = arena.take(4 * attempts);
  exports.livesAt.value = arena.take(8 * attempts);
  exports.refusals.value = arena.keep(new Float64Array(REFUSALS));
  const tally = Float64Array.from({ length: exports.TALLY.value }, (_, figure) =>
    figure === 2 ? Infinity : figure === 3 ? -Infinity : 0,
  );
  exports.tallies.value = arena.keep(Float64Array.from([...tally, ...tally]));
  exports.bins.value = arena.keep(new Uint32Array(2 * exports.BINS.value));
}

/**
 * By item: the states of a pool, numbered by its changes, in which the item is eligible. From the first number, up to
 * but excluding the second.
 */
function livesOf({ changes }: PreparedPool, { count, created, removed }: Items): Uint32Array {
  const lives = new Uint32Array(2 * count);
  const never = 0xffffffff;
  for (let item = 0; item < count; item++) {
    const from = f64At(created, item);
    const to = f64At(removed, item);
    const isEver = from < to;
    lives[2 * item] = isEver ? countUpTo(changes, from) : never;
    lives[2 * item + 1] = isEver && to < Infinity ? countUpTo(changes, to) : never;
  }
  return lives;
}
