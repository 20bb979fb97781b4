import { attemptsFor } from '../../../core/sampling/kernel/attemptBlock.ts';
import type { PreparedPool } from '../../../core/sampling/kernel/preparedPool.ts';
import type { Rows } from '../../../core/sampling/kernel/rows.ts';
import type { Sampler } from '../../../core/sampling/kernel/sampler.ts';
import { countUpTo, userOf } from '../../../core/sampling/kernel/search.ts';
import type { ExcludedItems, UserBlock } from '../../../core/sampling/world/world.ts';
import { f64At, u32At, valueAt } from '../../../core/valueAt.ts';
import { Arena } from './arena.ts';
import type { DrawBatch } from './drawBatchMemory.ts';
import { groupPools, type PoolsByItem } from './groupPools.ts';
import { instantiate, type PoolDrawBatchExports } from './instance.ts';
import { layPool, REFUSALS } from './layPool.ts';
import { LogQTallies } from './logQTallies.ts';
import { columnsOfPool, columnsOfPools, type PoolColumns } from './poolColumns.ts';
import { drawsInWasm } from './wasmPlan.ts';

/** The sampler draws larger quotas. Such groups are rare, and their attempts need many words. */
const MOST_QUOTA = 1024;
/** Limit per user, with several pools or in a pool whose items change over time. */
const MOST_EXCLUDED = 4096;
/** Limit for the world, because the memory of a module ends at 4 GB. */
const MOST_ITEMS = 40_000_000;
/** Rows of an entry that are drawn before they are copied out; this many stay in the CPU cache. */
export const ROWS_AT_ONCE = 2048;

/** Draws the rows of one entry of a plan, in an instance of the module of `assembly/poolDrawBatch.ts`. */
export class EntryDraws {
  readonly exports: PoolDrawBatchExports;
  /** Of the log q of draws, and of positives as if there was no other entry. */
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
    layPool(arena, this.exports, columns, valueAt(sampler.salts, entry), MOST_QUOTA);
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
    if (mostRows > MOST_QUOTA || ((byItem || !alwaysEligible) && mostExcluded > MOST_EXCLUDED)) return null;
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
  if (!drawsInWasm(plan) || world.items.count > MOST_ITEMS || typeof WebAssembly === 'undefined') return null;
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
