import { Corrections } from '../../../../core/sampling/kernel/corrections.ts';
import { attemptsFor } from '../../../../core/sampling/kernel/attemptBlock.ts';
import type { PreparedPool } from '../../../../core/sampling/kernel/preparedPool.ts';
import type { Rows } from '../../../../core/sampling/kernel/rows.ts';
import type { Sampler } from '../../../../core/sampling/kernel/sampler.ts';
import { countUpTo, userOf } from '../../../../core/sampling/kernel/search.ts';
import type { QState } from '../../../../core/sampling/lock/qTally.ts';
import type { ExcludedItems, UserBlock } from '../../../../core/sampling/world/world.ts';
import { f64At, i32At, u32At, u8At, valueAt } from '../../../../core/valueAt.ts';
import { Arena } from './arena.ts';
import { instantiate, type PoolDrawBatchExports } from './instance.ts';
import { groupPools, type PoolsByItem } from './groupPools.ts';
import { layPool, REFUSALS } from './layPool.ts';
import { columnsOfPool, columnsOfPools, type PoolColumns } from './poolColumns.ts';
import { drawsInWasm } from './wasmPlan.ts';
import { DrawBatchMemory, type DrawBatch } from './drawBatchMemory.ts';

/** The sampler draws larger quotas. Such groups are rare, and their attempts need many words. */
const MOST_QUOTA = 1024;
/** Limit per user, with several pools or in a pool whose items change over time. */
const MOST_EXCLUDED = 4096;
/** Limit for the world, because the memory of a module ends at 4 GB. */
const MOST_ITEMS = 40_000_000;
/** Rows that are drawn before they are copied out; this many stay in the CPU cache. */
const ROWS_AT_ONCE = 2048;

/**
 * Draws for plans with one entry, which must be a pool or pools by attributes of the positive, and for users with
 * constant exclusions. Uses the module of
 * `assembly/poolDrawBatch.ts`. The rows equal those of the sampler, bit for bit.
 */
export class PoolDrawBatch {
  readonly #exports: PoolDrawBatchExports;
  readonly #arena: Arena;
  readonly #memory: DrawBatchMemory;
  readonly #quota = new Float64Array(1);
  /** Sums of log q in millionths: of draws, and of positives. */
  readonly #sums = [0n, 0n];
  readonly #bins: readonly Float64Array[];
  /** The module knows no corrections: they follow from its log q and its numbers of acceptable items. */
  readonly #corrections: Corrections | null;

  private constructor(
    private readonly sampler: Sampler,
    /** The only pool; with several, the first. */
    private readonly pool: PreparedPool,
    columns: PoolColumns,
    private readonly byItem: PoolsByItem | null,
  ) {
    this.#corrections = Corrections.of(sampler.plan, sampler.world);
    const { thresholds } = columns;
    const { memory, exports } = instantiate({
      log: Math.log,
      isBelow: (column, word) => thresholds !== null && word >>> 0 < u32At(thresholds, column),
    });
    const arena = new Arena(memory);
    this.#exports = exports;
    this.#arena = arena;
    layPool(arena, exports, columns, valueAt(sampler.salts, 0), MOST_QUOTA);
    this.#bins = [0, 1].map(() => new Float64Array(exports.BINS.value));
    this.#memory = new DrawBatchMemory(arena, exports, ROWS_AT_ONCE, byItem !== null);
  }

  /** @returns null for plans with another source, and if no module is available; then the sampler draws */
  static of(sampler: Sampler): PoolDrawBatch | null {
    const {
      plan,
      world,
      pools: [pools = []],
    } = sampler;
    const [pool] = pools;
    if (!pool || !drawsInWasm(plan) || typeof WebAssembly === 'undefined') return null;
    const ofItem = world.pools[0]?.ofItem ?? null;
    // A single pool with few of the items needs a search, which the module does not support.
    if ((ofItem === null && !pool.isWhole && pool.dense === null) || world.items.count > MOST_ITEMS) return null;
    try {
      if (ofItem === null) return new PoolDrawBatch(sampler, pool, columnsOfPool(pool, world.items), null);
      const columns = columnsOfPools(pools, world.items);
      return columns?.several ? new PoolDrawBatch(sampler, pool, columns, { ...columns.several, pools, ofItem }) : null;
    } catch (error) {
      // There is no memory for a copy of the pool, or the processor does not support vectors.
      if (error instanceof RangeError || error instanceof WebAssembly.CompileError) return null;
      throw error;
    }
  }

  /**
   * Like `Sampler.draw`.
   * @returns null if the draw batch is too large; then nothing has changed
   */
  draw(block: UserBlock, from: number, to: number, rows: Rows, cancel: Int32Array | null): number | null {
    const excluded = excludedOf(block);
    const batch = this.#batch(block, excluded, from, to);
    if (!batch || !this.#memory.enter(block, excluded, batch)) return null;
    this.#exports.ahead.value = Math.max(1, attemptsFor(batch.mostQuota));
    this.#exports.start();
    let done = 0;
    while (done < to - from && (cancel === null || Atomics.load(cancel, 0) === 0))
      done = this.#some(block, batch, done, rows);
    this.#count(rows);
    return done;
  }

  /** Statistics of log q over everything that was drawn. */
  state(): QState {
    return [0, 1].map((k) => {
      const [rows = 0, , least = Infinity, greatest = -Infinity] = this.#tally(k);
      return { rows, sum: valueAt(this.#sums, k), least, greatest, bins: this.#bins[k] ?? new Float64Array(0) };
    });
  }

  #batch({ groups }: UserBlock, excluded: ExcludedItems | null, from: number, to: number): DrawBatch | null {
    const quotas = new Float64Array(to - from);
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
      this.sampler.quotas(u32At(groups.words, 2 * g), u32At(groups.words, 2 * g + 1), this.#quota);
      const quota = f64At(this.#quota, 0);
      quotas[g - from] = quota;
      mostQuota = Math.max(mostQuota, quota);
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
      states,
      pools,
      mostQuota,
      mostRows: mostPositives + mostQuota,
      mostItems: mostExcluded + mostPositives + mostQuota,
      positives: { from: u32At(offsets, from), to: u32At(offsets, to) },
      excluded: { from: excludedFrom(users.from), to: excludedFrom(users.to) },
    };
  }

  /**
   * Draws some groups, from number `start` of the draw batch on.
   * @returns the number of the first group that is still to be drawn
   */
  #some({ groups: { positives } }: UserBlock, { from, to, quotas }: DrawBatch, start: number, rows: Rows): number {
    const { filled: filledOf, acceptable, group, item, draw, logQ } = this.#memory.written;
    const { offsets } = positives;
    let end = start;
    for (let made = 0; end < to - from; end++) {
      made += u32At(offsets, from + end + 1) - u32At(offsets, from + end) + f64At(quotas, end);
      if (made > group.length) break;
    }
    const made = this.#exports.draw(start, end, to - from, from);
    const positive = u32At(offsets, from + end) - u32At(offsets, from + start);
    const first = rows.append(positive, 0, made - positive);
    rows.group.set(group.subarray(0, made), first);
    rows.item.set(item.subarray(0, made), first);
    rows.draw.set(draw.subarray(0, made), first);
    rows.logQ.set(logQ.subarray(0, made), first);
    rows.logQMix.set(logQ.subarray(0, made), first);
    const [count] = rows.entries;
    for (let g = start, row = first; g < end; g++) {
      const filled = u32At(filledOf, g);
      const ofGroup = u32At(offsets, from + g + 1) - u32At(offsets, from + g);
      if (this.#corrections) this.#correct(this.#corrections, rows, row, ofGroup, filled, i32At(acceptable, g));
      for (let k = u32At(offsets, from + g); k < u32At(offsets, from + g + 1); k++, row++) {
        rows.logQ[row] = NaN;
        rows.makePositive(row, u8At(positives.events, k), f64At(positives.weights, k), f64At(positives.keep, k));
      }
      row += filled;
      const asked = f64At(quotas, g);
      if (count) count.asked += asked;
      if (filled < asked) rows.short(from + g, 0, asked, filled, i32At(acceptable, g) < asked ? 'pool' : 'attempts');
    }
    rows.groups += end - start;
    if (count) count.drawn += made - positive;
    return end;
  }

  /** Writes the corrections of a group whose positives begin at `first`, before their log q is cleared. */
  #correct(
    corrections: Corrections,
    { item, logQMix, correction, batchCorrection }: Rows,
    first: number,
    positives: number,
    filled: number,
    acceptable: number,
  ): void {
    const drawn = first + positives;
    for (let row = first; row < drawn; row++) {
      correction[row] = corrections.ofPool(u32At(item, row), f64At(logQMix, row), filled, acceptable + 1);
      if (batchCorrection.length > 0) batchCorrection[row] = f64At(correction, row);
    }
    for (let row = drawn; row < drawn + filled; row++)
      correction[row] = corrections.ofPool(u32At(item, row), f64At(logQMix, row), filled, acceptable);
    if (batchCorrection.length > 0) batchCorrection.fill(NaN, drawn, drawn + filled);
  }

  /** Moves the counters of the module to the totals, with exact sums. */
  #count(rows: Rows): void {
    const { attempts, unreached, refusals } = this.#exports;
    const [count] = rows.entries;
    if (count) count.attempts += attempts.value;
    rows.unreached += unreached.value;
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

function excludedOf(block: UserBlock): ExcludedItems | null {
  const set = valueAt(block.excludedOf, 0);
  return set < 0 ? null : valueAt(block.excluded, set);
}
