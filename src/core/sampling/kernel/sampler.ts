import { f64At, i32At, u32At, u8At } from '../../valueAt.ts';
import { keyedDraw } from '../keyedDraw.ts';
import type { StagePlan } from '../plan/stagePlan.ts';
import { quotaCuts, quotasOf, type QuotaCuts } from '../quota.ts';
import { salts, type Salts } from '../salts.ts';
import type { UserBlock, World } from '../world/world.ts';
import { BlockDrawers } from './blockDrawers.ts';
import { Corrections, type GroupDraws } from './corrections.ts';
import { CurrentGroup } from './currentGroup.ts';
import type { Drawer } from './drawer.ts';
import { ItemSet } from './itemSet.ts';
import { preparedPool, type PreparedPool } from './preparedPool.ts';
import type { Rows } from './rows.ts';
import { userOf } from './search.ts';
import type { Trace } from './trace.ts';

/** Pools of every entry of a plan. */
export type EntryPreparedPools = readonly (readonly PreparedPool[])[];

export interface DrawOptions {
  /** Records how rows were drawn, for previews. */
  readonly trace?: Trace;
  /** If its first element is not 0, drawing stops. Shared with the thread that cancels. */
  readonly cancel?: Int32Array;
  /** Called every few groups with the number of completed groups. */
  readonly progress?: (done: number) => void;
  /** Called after each group, while the drawers still hold its state. Entries of quota 0 are prepared too. */
  readonly visit?: (group: CurrentGroup, drawers: readonly Drawer[], quotas: Float64Array) => void;
}

/** Number of groups between two checks for cancellation and reports of progress. */
const GROUPS_BETWEEN_LOOKS = 64;

/** Draws the negatives of a plan for the groups of any block of users. */
export class Sampler {
  /** By entry. */
  readonly salts: readonly Salts[];
  readonly #quotaSalts: Salts;
  readonly #downsampleSalts: Salts;
  /** Null if the quotas are the same for every group. */
  readonly #cuts: QuotaCuts | null;
  readonly #amounts: Float64Array;

  constructor(
    readonly plan: StagePlan,
    readonly world: World,
    readonly pools: EntryPreparedPools,
  ) {
    this.salts = plan.entries.map(({ name }) => salts(plan, name));
    this.#quotaSalts = salts(plan, '@quota');
    this.#downsampleSalts = salts(plan, '@downsample');
    const amounts = plan.entries.map(({ amount }) => amount);
    const cuts = plan.amounts.kind === 'shares' ? quotaCuts(plan.amounts.perGroup, amounts) : null;
    this.#amounts = Float64Array.from(amounts);
    if (cuts) quotasOf(cuts, 0, this.#amounts);
    // Whole quotas are the same for every group.
    this.#cuts = cuts?.remainders.some((rest) => rest > 0) ? cuts : null;
  }

  /**
   * Draws the groups from … to of a block and adds their rows: by group, positives first, then by entry and draw. Rows
   * of a group do not depend on which other groups are drawn.
   * @returns the number of completed groups: fewer than requested if it was cancelled
   */
  draw(block: UserBlock, from: number, to: number, rows: Rows, options: DrawOptions = {}): number {
    return new BlockRun(this, block, rows, options).run(from, to);
  }

  drawersOf(block: UserBlock): BlockDrawers {
    return new BlockDrawers(this.plan, this.world, this.pools, this.salts, block);
  }

  /** Computes the quota of each entry for a group with the words k0 and k1. */
  quotas(k0: number, k1: number, quotas: Float64Array): void {
    if (this.#cuts) quotasOf(this.#cuts, keyedDraw(k0, k1, this.#quotaSalts, 0).a, quotas);
    else for (let e = 0; e < quotas.length; e++) quotas[e] = f64At(this.#amounts, e);
  }

  /** The quota of each entry if every group has the same; else null. */
  get sameQuotas(): Float64Array | null {
    return this.#cuts ? null : this.#amounts;
  }

  /** The number that `downsample` compares for an exposure with the words k0 and k1. */
  downsampleDraw(k0: number, k1: number): number {
    return keyedDraw(k0, k1, this.#downsampleSalts, 0).u;
  }
}

/**
 * Creates a sampler of a plan over a world.
 * @param pools of every entry, as one thread prepared them for others (`preparePool` into shared memory). By default
 *   they are prepared here, once for each pool of the world.
 */
export function createSampler(
  plan: StagePlan,
  world: World,
  pools: EntryPreparedPools = world.pools.map((entry) => entry.pools.map((pool) => preparedPool(pool, world.items))),
): Sampler {
  return new Sampler(plan, world, pools);
}

/** One pass over groups of a block. */
class BlockRun {
  readonly #blockDrawers: BlockDrawers;
  readonly #drawers: readonly Drawer[];
  readonly #group: CurrentGroup;
  readonly #quotas: Float64Array;
  readonly #firstRow: Int32Array;
  readonly #endRow: Int32Array;
  readonly #filled: Int32Array;
  readonly #draws: GroupDraws;
  /** Number of entries that filled rows of the group. */
  #fillers = 0;
  readonly #trace: Trace | null;
  readonly #corrections: Corrections | null;
  /** Items of the group's negatives so far; null without `distinct`. */
  readonly #items: ItemSet | null;

  constructor(
    private readonly sampler: Sampler,
    private readonly block: UserBlock,
    private readonly rows: Rows,
    private readonly options: DrawOptions,
  ) {
    const { entries, distinct } = sampler.plan;
    this.#blockDrawers = sampler.drawersOf(block);
    this.#drawers = this.#blockDrawers.drawers;
    this.#group = new CurrentGroup(block, sampler.world.items);
    this.#quotas = new Float64Array(entries.length);
    this.#firstRow = new Int32Array(entries.length);
    this.#endRow = new Int32Array(entries.length);
    this.#filled = new Int32Array(entries.length);
    this.#draws = { drawers: this.#drawers, rowCounts: this.#filled };
    this.#trace = options.trace ?? null;
    this.#corrections = Corrections.forPlan(sampler.plan, sampler.world);
    this.#items = distinct ? new ItemSet() : null;
  }

  run(from: number, to: number): number {
    const { offsets, time } = this.block.groups;
    let user = -1;
    for (let g = from; g < to; g++) {
      if ((g - from) % GROUPS_BETWEEN_LOOKS === 0 && g > from) {
        if (this.#isCancelled()) return this.#end(g - from);
        this.options.progress?.(g - from);
      }
      if (user < 0 || g >= u32At(offsets, user + 1)) {
        user = user < 0 ? userOf(offsets, g) : user + 1;
        while (g >= u32At(offsets, user + 1)) user++;
        const last = Math.min(u32At(offsets, user + 1), to) - 1;
        this.#blockDrawers.startUser(user, f64At(time, g), f64At(time, last));
      }
      this.#group.moveTo(g, user);
      if (!(this.sampler.plan.unit === 'impression' ? this.#exposure() : this.#sampled())) return this.#end(g - from);
    }
    return this.#end(to - from);
  }

  /** Adds the refused attempts, which the drawers count. */
  #end(done: number): number {
    const { refusals } = this.rows;
    for (const drawer of this.#drawers)
      for (let k = 0; k < refusals.length; k++) refusals[k] = f64At(refusals, k) + f64At(drawer.refusals, k);
    return done;
  }

  readonly #isCancelled = (): boolean => {
    const { cancel } = this.options;
    return cancel !== undefined && Atomics.load(cancel, 0) !== 0;
  };

  /** Adds a row with its own label; `downsample` drops some of the negatives. */
  #exposure(): boolean {
    const { rows } = this;
    const { plan } = this.sampler;
    const { index, from, k0, k1 } = this.#group;
    const { items, weights, events } = this.block.groups.positives;
    const item = u32At(items, from);
    const event = u8At(events, from);
    const share = plan.exposures?.downsample ?? 1;
    if (event === 255 && share < 1 && this.sampler.downsampleDraw(k0, k1) >= share) {
      // A dropped exposure is not counted as a group.
      rows.downsampled++;
      return true;
    }
    rows.groups++;
    if (event === 255)
      rows.addExposure(index, item, share < 1 && plan.exposures?.calibration === 'weight' ? 1 / share : 1);
    else rows.addPositive(index, item, event, f64At(weights, from), NaN, NaN);
    return true;
  }

  /** @returns false if it was cancelled; then nothing of the group was added */
  #sampled(): boolean {
    const { sampler, rows } = this;
    const quotas = this.#quotas;
    const { refillFrom } = sampler.plan;
    sampler.quotas(this.#group.k0, this.#group.k1, quotas);
    let missing = 0;
    for (let e = 0; e < quotas.length; e++) {
      if (e === refillFrom) continue;
      if (!this.#drawEntry(e)) return false;
      missing += f64At(quotas, e) - i32At(this.#filled, e);
    }
    if (refillFrom !== null) {
      quotas[refillFrom] = f64At(quotas, refillFrom) + missing;
      if (!this.#drawEntry(refillFrom)) return false;
    }
    rows.groups++;
    this.#fillers = 0;
    for (let e = 0; e < quotas.length; e++) if (i32At(this.#filled, e) > 0) this.#fillers++;
    this.#addPositives();
    this.#items?.clear(this.#filled.reduce((sum, filled) => sum + filled, 0));
    for (let e = 0; e < quotas.length; e++) this.#addEntry(e);
    if (this.#trace) {
      this.#trace.settle(this.#rowOf);
      this.#trace.quotas(this.#group.index, quotas);
    }
    this.options.visit?.(this.#group, this.#drawers, quotas);
    return true;
  }

  #drawEntry(e: number): boolean {
    const drawer = this.#drawers[e];
    const quota = f64At(this.#quotas, e);
    this.#filled[e] = 0;
    if (!drawer || (quota === 0 && !this.options.visit)) return true;
    this.#trace?.startEntry(e);
    drawer.prepare(this.#group, quota);
    if (quota > 0 && !drawer.draw(this.#group, this.#trace, this.#isCancelled)) return false;
    this.#filled[e] = drawer.rowCount;
    return true;
  }

  #addPositives(): void {
    const { items, weights, events, keep } = this.block.groups.positives;
    const { from, to, index } = this.#group;
    for (let k = from; k < to; k++) {
      const item = u32At(items, k);
      const logQMix = this.#logQMix(item, -1, 0);
      this.rows.addPositive(index, item, u8At(events, k), f64At(weights, k), f64At(keep, k), logQMix);
      if (this.#corrections) this.#correctPositive(this.#corrections, this.rows.count - 1, item, logQMix);
    }
  }

  /** The pool that filled all rows of the group, and how many; null if a list or several entries filled rows. */
  #onlyPool(): { readonly rowCount: number; readonly acceptable: number } | null {
    if (this.#fillers !== 1) return null;
    const e = this.#filled.findIndex((filled) => filled > 0);
    const acceptable = this.#drawers[e]?.acceptable ?? null;
    return acceptable === null ? null : { rowCount: i32At(this.#filled, e), acceptable };
  }

  #correctPositive(corrections: Corrections, row: number, item: number, logQMix: number): void {
    const { correction, batchCorrection } = this.rows;
    const pool = this.#onlyPool();
    correction[row] = pool
      ? corrections.ofPool(item, true, logQMix, pool.rowCount, pool.acceptable + 1)
      : corrections.ofPositive(item, this.#group, this.#draws);
    if (batchCorrection.length > 0)
      batchCorrection[row] = corrections.ofBatch(item, pool ? f64At(correction, row) : undefined);
  }

  #addEntry(e: number): void {
    const drawer = this.#drawers[e];
    const asked = f64At(this.#quotas, e);
    const count = this.rows.entries[e];
    if (!drawer || !count || asked === 0) return;
    const { rowCount, attempts, items } = drawer;
    count.asked += asked;
    count.attempts += attempts;
    const first = this.rows.addDraws(this.#group.index, e, items, rowCount);
    this.#firstRow[e] = first;
    const { logQ, logQMix } = this.rows;
    // With a single entry, the mix equals the entry.
    const alone = this.#fillers === 1;
    drawer.logChances(logQ, alone ? logQMix : null, first);
    if (this.#corrections) this.#correctDrawn(this.#corrections, e, drawer, first);
    else if (!alone)
      for (let k = 0; k < rowCount; k++) logQMix[first + k] = this.#logQMix(u32At(items, k), e, drawer.chanceOfDraw(k));
    const repeated = this.#dropRepeated(e, first);
    count.drawn += rowCount - repeated;
    count.repeated += repeated;
    this.#endRow[e] = this.rows.count;
    if (this.#trace)
      for (let row = first; row < this.rows.count; row++) drawer.describe(i32At(this.rows.draw, row), row, this.#trace);
    if (rowCount < asked) this.rows.addShortfall(this.#group.index, e, asked, rowCount, drawer.cause());
  }

  /** With `distinct`: drops the rows of an entry whose items earlier entries of the group have. @returns how many */
  #dropRepeated(e: number, first: number): number {
    const items = this.#items;
    if (!items) return 0;
    return this.rows.removeDraws(first, (item) => {
      const isRepeated = !items.add(item);
      if (isRepeated) this.#trace?.repeated.push({ group: this.#group.index, entry: e, item });
      return isRepeated;
    });
  }

  /** The row of a draw of the current group; -1 if there is none. */
  readonly #rowOf = (e: number, draw: number): number => {
    for (let row = i32At(this.#firstRow, e); row < i32At(this.#endRow, e); row++)
      if (this.rows.draw[row] === draw) return row;
    return -1;
  };

  /** Writes the corrections of the drawn rows, and with several entries also their `logQMix`, from the same sums. */
  #correctDrawn(corrections: Corrections, e: number, drawer: Drawer, first: number): void {
    const { logQ, logQMix, correction, batchCorrection } = this.rows;
    const { rowCount, items } = drawer;
    if (batchCorrection.length > 0) batchCorrection.fill(NaN, first, first + rowCount);
    const pool = this.#onlyPool();
    for (let k = 0; k < rowCount; k++) {
      const item = u32At(items, k);
      if (pool) {
        correction[first + k] = corrections.ofPool(item, false, f64At(logQ, first + k), pool.rowCount, pool.acceptable);
        continue;
      }
      correction[first + k] = corrections.ofNegative(item, this.#group, this.#draws, e, drawer.chanceOfDraw(k));
      if (this.#fillers > 1) logQMix[first + k] = corrections.logQMix;
    }
  }

  /**
   * log(Σ n_s·q_s(item) / Σ n_s) over the entries that filled n_s rows. NaN, and counted, if no entry can draw the
   * item.
   * @param own the entry that drew the item, with that chance; -1 for a positive, which is treated as drawable
   */
  #logQMix(item: number, own: number, ownChance: number): number {
    let rows = 0;
    let chance = 0;
    for (let e = 0; e < this.#drawers.length; e++) {
      const filled = i32At(this.#filled, e);
      const drawer = this.#drawers[e];
      if (filled === 0 || !drawer) continue;
      rows += filled;
      chance +=
        filled *
        (e === own ? ownChance : own < 0 ? drawer.chancePutBack(item, this.#group) : drawer.chance(item, this.#group));
    }
    if (chance > 0) return Math.log(chance / rows);
    this.rows.unreached++;
    return NaN;
  }
}
