import { attemptLimit } from '../../../core/sampling/kernel/attemptBlock.ts';
import { Refusal } from '../../../core/sampling/kernel/drawer.ts';
import { attemptWord } from '../../../core/sampling/keyedDraw.ts';
import type { Salts } from '../../../core/sampling/salts.ts';
import { u32At } from '../../../core/valueAt.ts';
import type { Arena } from './arena.ts';
import type { PoolDrawBatchExports } from './instance.ts';
import { ADDRESS_WORD, POOL_WORDS, type PoolColumns } from './poolColumns.ts';

/** Number of reasons by which rejected attempts are counted. */
export const REFUSALS = Object.keys(Refusal).length;

/** Copies pools into the memory of the module, and reserves memory for the state of the module. */
export function layPool(
  arena: Arena,
  exports: PoolDrawBatchExports,
  pool: PoolColumns,
  { s0, s1 }: Salts,
  mostQuota: number,
): void {
  const { classOfPlace, classOfItem, several } = pool;
  exports.poolSize.value = pool.poolSize;
  exports.salt0.value = s0;
  exports.salt1.value = s1;
  exports.columns.value = arena.keep(pool.columns);
  exports.bits.value = pool.bits;
  exports.itemOfPlace.value = arena.keep(pool.itemOfPlace);
  exports.classOfPlace.value = arena.keep(classOfPlace);
  exports.classOfItem.value = classOfItem === classOfPlace ? exports.classOfPlace.value : arena.keep(classOfItem);
  exports.wide.value = (classOfPlace ?? classOfItem) instanceof Uint32Array ? 1 : 0;
  exports.weights.value = arena.keep(pool.weights);
  exports.logs.value = arena.keep(pool.logs);
  exports.lives.value = arena.keep(pool.lives);
  exports.eligibleWeights.value = arena.keep(pool.eligibleWeights);
  exports.eligibleCounts.value =
    pool.eligibleCounts === pool.eligibleWeights ? exports.eligibleWeights.value : arena.keep(pool.eligibleCounts);
  exports.poolOfItem.value = arena.keep(several?.poolOfItem ?? null);
  exports.pools.value = arena.keep(several && addressed(several.table, exports.columns.value));
  // The module reads four at a time.
  exports.attemptWords.value = arena.keep(attemptWords(attemptLimit(mostQuota) + 3));
  // Attempts of a block, as many again for one group after them, and three extra because of vectors.
  const attempts = 2 * exports.BLOCK.value + 3;
  for (const key of ['places', 'hashes', 'classes', 'ties'] as const) exports[key].value = arena.take(4 * attempts);
  exports.livesAt.value = arena.take(8 * attempts);
  exports.refusals.value = arena.keep(new Float64Array(REFUSALS));
}

let knownWords = new Uint32Array();

/** The words of the first attempts, which are the same for all entries. */
function attemptWords(length: number): Uint32Array {
  if (knownWords.length < length) knownWords = Uint32Array.from({ length }, (_, k) => attemptWord(k));
  return knownWords.subarray(0, length);
}

/** The table of pools with the addresses of their columns; address 0 for uniform draws. */
function addressed(table: Uint32Array, columns: number): Uint32Array {
  const all = Uint32Array.from(table);
  for (let at = ADDRESS_WORD; at < all.length; at += POOL_WORDS)
    all[at] = columns === 0 ? 0 : columns + 4 * u32At(all, at);
  return all;
}
