import { attemptsFor } from '../../../../core/sampling/kernel/attemptBlock.ts';
import type { PreparedPool } from '../../../../core/sampling/kernel/preparedPool.ts';
import type { Rows } from '../../../../core/sampling/kernel/rows.ts';
import type { Sampler } from '../../../../core/sampling/kernel/sampler.ts';
import { countUpTo, userOf } from '../../../../core/sampling/kernel/search.ts';
import type { QState } from '../../../../core/sampling/lock/qTally.ts';
import type { ExcludedItems, UserBlock } from '../../../../core/sampling/world/world.ts';
import { f64At, u32At, valueAt } from '../../../../core/valueAt.ts';
import { Arena } from './arena.ts';
import { DrawBatchMemory, type DrawBatch, type Written } from './drawBatchMemory.ts';
import { groupPools, type PoolsByItem } from './groupPools.ts';
import { instantiate, type PoolDrawBatchExports } from './instance.ts';
import { layPool, REFUSALS } from './layPool.ts';
import { columnsOfPool, columnsOfPools, type PoolColumns } from './poolColumns.ts';

/** The sampler draws larger quotas. Such groups are rare, and their attempts need many words. */
const MOST_QUOTA = 1024;
/** Limit per user, with several pools or in a pool whose items change over time. */
const MOST_EXCLUDED = 4096;
/** Limit for the world, because the memory of a module ends at 4 GB. */
const MOST_ITEMS = 40_000_000;
/** Rows that are drawn before they are copied out; this many stay in the CPU cache. */
const ROWS_AT_ONCE = 2048;

/** Draws the rows of one entry of a plan, in an instance of the module of `assembly/poolDrawBatch.ts`. */
export class EntryDraws {
  readonly #exports: PoolDrawBatchExports;
  readonly #arena: Arena;
  readonly #memory: DrawBatchMemory;
  /** Sums of log q in millionths: of draws, and of positives. */
  readonly #sums = [0n, 0n];
  readonly #bins: readonly Float64Array[];
  #batch: DrawBatch | null = null;

  private constructor(
    sampler: Sampler,
    readonly entry: number,
    /** The only pool; with several, the first. */
    private readonly pool: PreparedPool,
    readonly columns: PoolColumns,
    private readonly byItem: PoolsByItem | null,
  ) {
    const { thresholds } = columns;
    const { memory, exports } = instantiate({
      log: Math.log,
      isBelow: (column, word) => thresholds !== null && word >>> 0 < u32At(thresholds, column),
    });
    const arena = new Arena(memory);
    this.#exports = exports;
    this.#arena = arena;
    layPool(arena, exports, columns, valueAt(sampler.salts, entry), MOST_QUOTA);
    this.#bins = [0, 1].map(() => new Float64Array(exports.BINS.value));
    this.#memory = new DrawBatchMemory(arena, exports, ROWS_AT_ONCE, byItem !== null);
  }

  /** @returns null for pools that the module does not support, and if no module is available */
  static of(sampler: Sampler, entry: number): EntryDraws | null {
    const { world } = sampler;
    const pools = sampler.pools[entry] ?? [];
    const [pool] = pools;
    if (!pool || world.items.count > MOST_ITEMS || typeof WebAssembly === 'undefined') return null;
    const ofItem = world.pools[entry]?.ofItem ?? null;
    if (ofItem === null && pool.items.length === 0) return null;
    try {
      if (ofItem === null) return new EntryDraws(sampler, entry, pool, columnsOfPool(pool, world.items), null);
      const columns = columnsOfPools(pools, world.items);
      return columns?.several
        ? new EntryDraws(sampler, entry, pool, columns, { ...columns.several, pools, ofItem })
        : null;
    } catch (error) {
      // There is no memory for a copy of the pool, or the processor does not support vectors.
      if (error instanceof RangeError || error instanceof WebAssembly.CompileError) return null;
      throw error;
    }
  }

  /**
   * Starts the groups from … to of a block.
   * @param quotas by group
   * @param most the greatest quotas that `changeQuotas` may set later
   * @returns false if the batch is too large; then nothing has changed
   */
  enter(block: UserBlock, from: number, to: number, quotas: Float64Array, most = quotas): boolean {
    const excluded = excludedOf(block, this.entry);
    const batch = this.#batchOf(block, excluded, from, to, quotas, most);
    if (!batch || !this.#memory.enter(block, excluded, batch)) return false;
    this.#batch = batch;
    let mostQuota = 0;
    for (const quota of quotas) mostQuota = Math.max(mostQuota, quota);
    this.#exports.ahead.value = Math.max(1, attemptsFor(mostQuota));
    this.#exports.start();
    return true;
  }

  #batchOf(
    { groups }: UserBlock,
    excluded: ExcludedItems | null,
    from: number,
    to: number,
    quotas: Float64Array,
    most: Float64Array,
  ): DrawBatch | null {
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
    let mostPositives = 0;
    for (let g = from; g < to; g++) {
      mostQuota = Math.max(mostQuota, f64At(most, g - from));
      mostPositives = Math.max(mostPositives, u32At(offsets, g + 1) - u32At(offsets, g));
    }
    const users =
      from < to ? { from: userOf(groups.offsets, from), to: userOf(groups.offsets, to - 1) + 1 } : { from: 0, to: 0 };
    const excludedFrom = (user: number): number => (excluded ? u32At(excluded.offsets, user) : 0);
    let mostExcluded = 0;
    for (let user = users.from; user < users.to; user++)
      mostExcluded = Math.max(mostExcluded, excludedFrom(user + 1) - excludedFrom(user));
    // Their sums are recomputed whenever an item appears or disappears, or the pool changes.
    if (mostQuota > MOST_QUOTA || ((byItem || !alwaysEligible) && mostExcluded > MOST_EXCLUDED)) return null;
    return {
      from,
      to,
      users,
      quotas,
      most,
      states,
      pools,
      mostRows: mostPositives + mostQuota,
      mostItems: mostExcluded + mostPositives + mostQuota,
      positives: { from: u32At(offsets, from), to: u32At(offsets, to) },
      excluded: { from: excludedFrom(users.from), to: excludedFrom(users.to) },
    };
  }

  /** The columns that the module writes. Row columns hold as many rows as are drawn at once. */
  get written(): Written {
    return this.#memory.written;
  }

  /** The pool of a group of the batch; 0 if there is only one. */
  poolOf(group: number): number {
    return this.#batch?.pools ? u32At(this.#batch.pools, group) : 0;
  }

  /** Changes quotas of the batch, from group number `at` on. */
  changeQuotas(quotas: Float64Array, at: number): void {
    this.#memory.changeQuotas(quotas, at);
  }

  /** The first group from `start` on whose rows no longer fit into the row columns. */
  endOf({ groups: { positives } }: UserBlock, start: number): number {
    if (!this.#batch) return start;
    const { from, to, most } = this.#batch;
    const { offsets } = positives;
    const { length } = this.written.group;
    let end = start;
    for (let made = 0; end < to - from; end++) {
      made += u32At(offsets, from + end + 1) - u32At(offsets, from + end) + f64At(most, end);
      if (made > length) break;
    }
    return end;
  }

  /**
   * Draws the groups start … end of the batch.
   * @returns the number of rows, those of positives included
   */
  draw(start: number, end: number): number {
    return this.#batch ? this.#exports.draw(start, end, this.#batch.to - this.#batch.from, this.#batch.from) : 0;
  }

  /**
   * Moves the counts of attempts to the rows, and the sums of log q out of the module, where long sums would not be
   * exact.
   * @returns the number of positives that this entry cannot draw
   */
  settle(rows: Rows): number {
    const { attempts, unreached, refusals } = this.#exports;
    const count = rows.entries[this.entry];
    if (count) count.attempts += attempts.value;
    const missed = unreached.value;
    attempts.value = 0;
    unreached.value = 0;
    const refused = this.#arena.float64(refusals.value, REFUSALS);
    refused.forEach((refusal, k) => {
      rows.refusals[k] = f64At(rows.refusals, k) + refusal;
    });
    refused.fill(0);
    for (const k of [0, 1]) {
      const tally = this.#tally(k);
      this.#sums[k] = valueAt(this.#sums, k) + BigInt(f64At(tally, 1));
      tally[1] = 0;
      const bins = this.#arena.uint32(
        this.#exports.bins.value + 4 * k * this.#exports.BINS.value,
        this.#exports.BINS.value,
      );
      const all = this.#bins[k];
      if (all)
        bins.forEach((count, bin) => {
          all[bin] = f64At(all, bin) + count;
        });
      bins.fill(0);
    }
    return missed;
  }

  /** Statistics of log q over everything that was drawn: of draws, then of positives as if there was no other entry. */
  state(): QState {
    return [0, 1].map((k) => {
      const [rows = 0, , least = Infinity, greatest = -Infinity] = this.#tally(k);
      return { rows, sum: valueAt(this.#sums, k), least, greatest, bins: this.#bins[k] ?? new Float64Array(0) };
    });
  }

  /** Rows, millionths, minimum and maximum: of draws (0) or of positives (1). */
  #tally(k: number): Float64Array {
    const {
      tallies,
      TALLY: { value: length },
    } = this.#exports;
    return this.#arena.float64(tallies.value + 8 * k * length, length);
  }
}

function excludedOf(block: UserBlock, entry: number): ExcludedItems | null {
  const set = valueAt(block.excludedOf, entry);
  return set < 0 ? null : valueAt(block.excluded, set);
}
