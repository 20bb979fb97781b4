import { attemptsFor, attemptLimit } from '../../../core/sampling/kernel/attemptBlock.ts';
import type { PreparedPool } from '../../../core/sampling/kernel/preparedPool.ts';
import type { Rows } from '../../../core/sampling/kernel/rows.ts';
import type { Sampler } from '../../../core/sampling/kernel/sampler.ts';
import { countUpTo, userOf } from '../../../core/sampling/kernel/search.ts';
import type { ExcludedItems, UserBlock, Groups } from '../../../core/sampling/world/world.ts';
import { f64At, u32At, valueAt, i32At } from '../../../core/valueAt.ts';
import { Arena } from './arena.ts';
import type { DrawBatch } from './drawBatchMemory.ts';
import { instantiate, type PoolDrawBatchExports } from './instance.ts';
import { LogQTallies } from './logQTallies.ts';
import {
  columnsOfPool,
  columnsOfPools,
  type PoolColumns,
  type SeveralPools,
  ADDRESS_WORD,
  POOL_WORDS,
} from './poolColumns.ts';
import { drawsInWasm } from './wasmPlan.ts';
import { Refusal } from '../../../core/sampling/kernel/drawer.ts';
import { attemptWord } from '../../../core/sampling/keyedDraw.ts';
import type { Salts } from '../../../core/sampling/salts.ts';

/** The sampler draws larger quotas. Such groups are rare, and their attempts need many words. */
const MAX_QUOTA = 1024;
/** Limit per user, with several pools or in a pool whose items change over time. */
const MAX_EXCLUDED = 4096;
/** Limit for the world, because the memory of a module ends at 4 GB. */
const MAX_ITEMS = 40_000_000;
/** Rows of an entry that are drawn before they are copied out; this many stay in the CPU cache. */
export const ROWS_AT_ONCE = 2048;

/** Draws the rows of one entry of a plan, in an instance of the module of `assembly/poolDrawBatch.ts`. */
export class EntryDraws {
  readonly exports: PoolDrawBatchExports;
  /** Tallies of log q: of draws, and of positives as if the plan had only this entry. */
  readonly tallies: LogQTallies;

  constructor(
    sampler: Sampler,
    readonly entry: number,
    private readonly arena: Arena,
    /** The only pool; with several, the first. */
    private readonly pool: PreparedPool,
    readonly columns: PoolColumns,
    private readonly byItem: PoolsByItem | null,
  ) {
    const { thresholds } = columns;
    this.exports = instantiate(
      {
        log: Math.log,
        isBelow: (column, word) => thresholds !== null && word >>> 0 < u32At(thresholds, column),
      },
      arena.memory,
    );
    layPool(arena, this.exports, columns, valueAt(sampler.salts, entry), MAX_QUOTA);
    this.tallies = new LogQTallies(arena, this.exports.TALLY.value, this.exports.BINS.value);
    this.exports.tallies.value = this.tallies.tallies;
    this.exports.bins.value = this.tallies.bins;
  }

  get hasPools(): boolean {
    return this.byItem !== null;
  }

  /**
   * The groups from … to of a block as input of this entry.
   * @param quotas by group
   * @param most the greatest quotas that a group may get later
   * @returns null if the groups or their users are too large
   */
  batch(block: UserBlock, from: number, to: number, quotas: Float64Array, most = quotas): DrawBatch | null {
    const { groups } = block;
    const excluded = excludedOf(block, this.entry);
    const { alwaysEligible, changes } = this.pool;
    const { byItem } = this;
    const { pools, states } = byItem
      ? groupPools(groups, from, to, byItem)
      : {
          pools: null,
          states: alwaysEligible
            ? null
            : Uint32Array.from(groups.time.subarray(from, to), (time) => countUpTo(changes, time)),
        };
    const { offsets } = groups.positives;
    let mostQuota = 0;
    let mostRows = 0;
    let mostPositives = 0;
    for (let g = from; g < to; g++) {
      mostQuota = Math.max(mostQuota, f64At(quotas, g - from));
      mostRows = Math.max(mostRows, f64At(most, g - from));
      mostPositives = Math.max(mostPositives, u32At(offsets, g + 1) - u32At(offsets, g));
    }
    const users =
      from < to ? { from: userOf(groups.offsets, from), to: userOf(groups.offsets, to - 1) + 1 } : { from: 0, to: 0 };
    const excludedFrom = (user: number): number => (excluded ? u32At(excluded.offsets, user) : 0);
    let mostExcluded = 0;
    for (let user = users.from; user < users.to; user++)
      mostExcluded = Math.max(mostExcluded, excludedFrom(user + 1) - excludedFrom(user));
    // Their sums are recomputed whenever an item appears or disappears, or the pool changes.
    if (mostRows > MAX_QUOTA || ((byItem || !alwaysEligible) && mostExcluded > MAX_EXCLUDED)) return null;
    return {
      from,
      to,
      users,
      quotas,
      most,
      states,
      pools,
      mostQuota,
      mostRows: mostPositives + mostRows,
      mostItems: mostExcluded + mostPositives + mostRows,
      positives: { from: u32At(offsets, from), to: u32At(offsets, to) },
      excluded: { from: excludedFrom(users.from), to: excludedFrom(users.to) },
      excludedItems: excluded,
    };
  }

  /** Starts a batch whose input is in the memory. */
  start({ mostQuota }: DrawBatch): void {
    this.exports.ahead.value = Math.max(1, attemptsFor(mostQuota));
    this.exports.start();
  }

  /**
   * Moves the counts of attempts to the rows, and the sums of log q out of the module.
   * @returns the number of positives that this entry cannot draw
   */
  settle(rows: Rows): number {
    const { attempts, unreached, refusals } = this.exports;
    const count = rows.entries[this.entry];
    if (count) count.attempts += attempts.value;
    const missed = unreached.value;
    attempts.value = 0;
    unreached.value = 0;
    const refused = this.arena.float64(refusals.value, REFUSALS);
    refused.forEach((refusal, k) => {
      rows.refusals[k] = f64At(rows.refusals, k) + refusal;
    });
    refused.fill(0);
    this.tallies.settle();
    return missed;
  }
}

/**
 * The draws of all entries of a plan, in one memory.
 * @returns null for pools that the module does not support, and if no module is available
 */
export function entryDraws(sampler: Sampler): { readonly arena: Arena; readonly draws: readonly EntryDraws[] } | null {
  const { plan, world } = sampler;
  if (!drawsInWasm(plan) || world.items.count > MAX_ITEMS || typeof WebAssembly === 'undefined') return null;
  try {
    const arena = new Arena(new WebAssembly.Memory({ initial: 1 }));
    const draws: EntryDraws[] = [];
    for (const e of plan.entries.keys()) {
      const pools = sampler.pools[e] ?? [];
      const [pool] = pools;
      const ofItem = world.pools[e]?.ofItem ?? null;
      if (!pool || (ofItem === null && pool.items.length === 0)) return null;
      const columns = ofItem ? columnsOfPools(pools, world.items) : columnsOfPool(pool, world.items);
      if (!columns) return null;
      const byItem = ofItem && columns.several ? { ...columns.several, pools, ofItem } : null;
      draws.push(new EntryDraws(sampler, e, arena, pool, columns, byItem));
    }
    return { arena, draws };
  } catch (error) {
    // There is no memory for a copy of the pools, or the processor does not support vectors.
    if (error instanceof RangeError || error instanceof WebAssembly.CompileError) return null;
    throw error;
  }
}

/** The first group from `start` on whose rows are more than `most`. */
export function endOfRows(
  { groups: { positives } }: UserBlock,
  { from, to, most }: Pick<DrawBatch, 'from' | 'to' | 'most'>,
  start: number,
  mostRows: number,
): number {
  const { offsets } = positives;
  let end = start;
  for (let made = 0; end < to - from; end++) {
    made += u32At(offsets, from + end + 1) - u32At(offsets, from + end) + f64At(most, end);
    if (made > mostRows) break;
  }
  return end;
}

function excludedOf(block: UserBlock, entry: number): ExcludedItems | null {
  const set = valueAt(block.excludedOf, entry);
  return set < 0 ? null : valueAt(block.excluded, set);
}

/** The pools of groups by their positive's attributes. */
interface PoolsByItem extends SeveralPools {
  readonly pools: readonly PreparedPool[];
  /** Pool of each item as a positive, -1 if it has none. */
  readonly ofItem: Int32Array;
}

/** For the groups from … to: their pools, and the state of each pool at the time of the group. */
function groupPools(
  { time, positives: { offsets, items } }: Groups,
  from: number,
  to: number,
  { pools, ofItem, firstStates }: PoolsByItem,
): { readonly pools: Uint32Array; readonly states: Uint32Array } {
  const [found, states] = [new Uint32Array(to - from), new Uint32Array(to - from)];
  for (let g = from; g < to; g++) {
    const first = u32At(offsets, g);
    const own = first < u32At(offsets, g + 1) ? i32At(ofItem, u32At(items, first)) : -1;
    const pool = own < 0 ? pools.length : own;
    found[g - from] = pool;
    const { alwaysEligible, changes } = own < 0 ? NONE : valueAt(pools, own);
    states[g - from] = u32At(firstStates, pool) + (alwaysEligible ? 0 : countUpTo(changes, f64At(time, g)));
  }
  return { pools: found, states };
}

const NONE: Pick<PreparedPool, 'alwaysEligible' | 'changes'> = { alwaysEligible: true, changes: new Float64Array(0) };

/** Number of reasons by which rejected attempts are counted. */
const REFUSALS = Object.keys(Refusal).length;

/** Copies pools into the memory of the module, and reserves memory for the state of the module. */
function layPool(
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
