import { f64At, i32At, u32At } from '../../valueAt.ts';
import type { ShortfallCause } from '../drawn.ts';
import type { Salts } from '../salts.ts';
import { attemptLimit } from './attemptBlock.ts';
import type { CurrentGroup } from './currentGroup.ts';
import { Refusal, type Drawer, type Standing } from './drawer.ts';
import type { Exclusion } from './exclusion.ts';
import { grown } from './grown.ts';
import { ItemSet } from './itemSet.ts';
import { PoolAttempts } from './poolAttempts.ts';
import { weightIn, type PreparedPool } from './preparedPool.ts';
import { countUpTo, indexIn } from './search.ts';
import { Timeline } from './timeline.ts';
import { Tier, type Trace } from './trace.ts';
import type { Items } from '../world/world.ts';

export interface PoolEntry {
  readonly salts: Salts;
  readonly pools: readonly PreparedPool[];
  /** Pool of each item, for partitions by the positive's attributes. */
  readonly ofItem: Int32Array | null;
  /** Pool of each user of the block, for partitions by a user's attribute. */
  readonly ofUser: Int32Array | null;
  /** Pool of each group of the block, for counts that move with the day. */
  readonly ofGroup: Int32Array | null;
  readonly exclusion: Exclusion | null;
  readonly items: Items;
}

/** Different from -1, the pool of groups without one. */
const NO_POOL = -2;

/** Keyed draws from a pool: attempts k = 0, 1, … until the quota is filled. */
export class PoolDrawer implements Drawer {
  rowCount = 0;
  items = new Uint32Array(64);
  attempts = 0;
  acceptable = 0;
  readonly refusals = new Float64Array(4);
  #attemptOf = new Int32Array(64);
  /** Weight class of each drawn item. */
  #classOf = new Uint32Array(64);
  readonly #first: PoolAttempts;
  readonly #further: PoolAttempts;
  readonly #seen = new ItemSet();
  /** Weight and number of excluded, eligible items, by pool. */
  readonly #excluded: Timeline;
  /** Weights of the user's excluded items, by their index; most positives are among them. */
  #weights = new Float64Array(64);
  /** The pool of all groups of the user. With a pool for each group: that of the last group. */
  #userPool = 0;
  /** Time of the user's last group. */
  #last = 0;
  #pool: PreparedPool | null = null;
  #poolIndex = -1;
  #quota = 0;
  /** Weight of the acceptable items. */
  #total = 0;
  /** The last total whose log was computed, and that log. */
  #logged = 1;
  #logOfTotal = 0;
  /** Every item of the pool is eligible, so that draws need no check. */
  #allEligible = false;

  constructor(private readonly entry: PoolEntry) {
    this.#excluded = new Timeline(entry.pools.length);
    this.#first = new PoolAttempts(entry.salts);
    this.#further = new PoolAttempts(entry.salts);
  }

  startUser(user: number, first: number, last: number): void {
    const { ofUser, ofGroup } = this.entry;
    this.#last = last;
    if (ofGroup) this.#userPool = NO_POOL;
    else this.#startPool(ofUser ? i32At(ofUser, user) : 0, first);
  }

  /** Sums the user's exclusions in a pool, for groups from a time on. */
  #startPool(index: number, first: number): void {
    const { pools, ofItem, exclusion } = this.entry;
    this.#userPool = index;
    this.#excluded.start(first, this.#last);
    if (!exclusion || exclusion.size === 0) return;
    if (exclusion.size > this.#weights.length) this.#weights = grown(this.#weights, exclusion.size);
    const pool = ofItem ? null : pools[this.#userPool];
    if (pool?.alwaysEligible === true && exclusion.isEndless) this.#excludeAlways(exclusion, pool);
    else this.#excludeByTime(exclusion);
    this.#excluded.ready();
  }

  /** Handles exclusions that apply to every group of the user and to one pool. */
  #excludeAlways(exclusion: Exclusion, pool: PreparedPool): void {
    const weights = this.#weights;
    const { size } = exclusion;
    let sum = 0;
    let count = 0;
    for (let k = 0; k < size; k++) {
      const weight = weightIn(pool, exclusion.itemAt(k));
      weights[k] = weight;
      sum += weight;
      if (weight > 0) count++;
    }
    this.#excluded.addAlways(this.#userPool, sum, count);
  }

  #excludeByTime(exclusion: Exclusion): void {
    const {
      pools,
      ofItem,
      items: { created, removed },
    } = this.entry;
    const { size } = exclusion;
    for (let k = 0; k < size; k++) {
      const item = exclusion.itemAt(k);
      const until = exclusion.untilAt(k);
      const slot = ofItem ? i32At(ofItem, item) : this.#userPool;
      const pool = pools[slot];
      const weight = pool ? weightIn(pool, item) : 0;
      this.#weights[k] = weight;
      if (!pool || weight === 0) continue;
      if (pool.alwaysEligible) this.#excluded.add(slot, weight, -Infinity, until);
      else this.#excluded.add(slot, weight, f64At(created, item), Math.min(f64At(removed, item), until));
    }
  }

  prepare(group: CurrentGroup, quota: number): void {
    const { pools, ofItem, ofGroup, exclusion } = this.entry;
    // Groups come in time order, so each pool of a day is started once for a user.
    if (ofGroup && i32At(ofGroup, group.index) !== this.#userPool)
      this.#startPool(i32At(ofGroup, group.index), group.time);
    this.rowCount = 0;
    this.attempts = 0;
    this.#quota = quota;
    this.#poolIndex = ofItem ? poolOf(ofItem, group.firstPositive) : this.#userPool;
    const pool = pools[this.#poolIndex] ?? null;
    this.#pool = pool;
    this.#total = 0;
    this.acceptable = 0;
    if (!pool) return;
    this.#excluded.advance(group.time);
    const now = countUpTo(pool.changes, group.time);
    const eligible = f64At(pool.eligibleCount, now);
    this.#allEligible = eligible === pool.items.length;
    this.#total = f64At(pool.eligibleWeight, now) - f64At(this.#excluded.weight, this.#poolIndex);
    this.acceptable = eligible - f64At(this.#excluded.count, this.#poolIndex);
    for (let k = group.from; k < group.to; k++) {
      const item = u32At(group.positives, k);
      // Excluded items are subtracted already.
      if (exclusion?.excludes(item, group.time) === true || !this.#isEligible(item, group)) continue;
      const weight = this.#weightIn(item);
      if (weight === 0) continue;
      this.#total -= weight;
      this.acceptable--;
    }
  }

  draw(group: CurrentGroup, trace: Trace | null, isCancelled: () => boolean): boolean {
    const pool = this.#pool;
    // More than the acceptable items cannot be drawn, even with more attempts.
    const target = Math.min(this.#quota, this.acceptable);
    if (!pool || target <= 0) return true;
    const { exclusion, ofItem, ofUser, ofGroup } = this.entry;
    const limit = attemptLimit(this.#quota);
    const seen = this.#seen;
    if (target > this.items.length) this.#grow(target);
    const drawn = this.items;
    const attemptOf = this.#attemptOf;
    const classOf = this.#classOf;
    seen.clear(target + group.to - group.from);
    // The group's own positives count as drawn.
    for (let p = group.from; p < group.to; p++) seen.add(u32At(group.positives, p));
    const allEligible = this.#allEligible;
    let filled = 0;
    let k = 0;
    while (filled < target && k < limit) {
      if (k > 0 && isCancelled()) return false;
      const attempts: PoolAttempts = k === 0 ? this.#first : this.#further;
      const from = k === 0 ? attempts.first(group, pool, this.#quota, (ofItem ?? ofUser ?? ofGroup) !== null) : 0;
      if (k > 0) attempts.next(group, pool, k, target - filled);
      const { items, classes } = attempts;
      const end = from + Math.min(attempts.count, limit - k);
      for (let j = from; j < end && filled < target; j++, k++) {
        const item = i32At(items, j);
        const refusal = allEligible && exclusion?.isMarked(item) !== true ? -1 : this.#refusal(item, group, exclusion);
        if (refusal < 0 && seen.add(item)) {
          drawn[filled] = item;
          classOf[filled] = u32At(classes, j);
          if (trace) attemptOf[filled] = k;
          filled++;
          continue;
        }
        const reason = refusal >= 0 ? refusal : group.isPositive(item) ? Refusal.positive : Refusal.repeated;
        this.refusals[reason] = f64At(this.refusals, reason) + 1;
        trace?.refused(filled, k, item, reason);
      }
    }
    this.rowCount = filled;
    this.attempts = k;
    return true;
  }

  #grow(length: number): void {
    this.items = grown(this.items, length);
    this.#attemptOf = grown(this.#attemptOf, length);
    this.#classOf = grown(this.#classOf, length);
  }

  /** -1 if only an earlier draw can prevent the item. */
  #refusal(item: number, group: CurrentGroup, exclusion: Exclusion | null): number {
    if (group.isPositive(item)) return Refusal.positive;
    if (exclusion?.excludes(item, group.time) === true) return Refusal.excluded;
    return this.#isEligible(item, group) ? -1 : Refusal.ineligible;
  }

  /** For items of the pool. */
  #isEligible(item: number, group: CurrentGroup): boolean {
    return this.#allEligible || group.isEligible(item);
  }

  cause(): ShortfallCause {
    return this.acceptable < this.#quota ? 'pool' : 'attempts';
  }

  chanceOfDraw(k: number): number {
    return this.#weightOf(k) / this.#total;
  }

  logChances(out: Float64Array, mix: Float64Array | null, at: number): void {
    const logs = this.#pool?.classes.logs;
    if (!logs) return;
    // Most groups of a user share the total.
    if (this.#total !== this.#logged) {
      this.#logged = this.#total;
      this.#logOfTotal = Math.log(this.#total);
    }
    const total = this.#logOfTotal;
    const classOf = this.#classOf;
    const end = at + this.rowCount;
    for (let row = at, k = 0; row < end; row++, k++) {
      const log = f64At(logs, u32At(classOf, k)) - total;
      out[row] = log;
      if (mix) mix[row] = log;
    }
  }

  #weightOf(k: number): number {
    return this.#pool ? f64At(this.#pool.classes.weights, u32At(this.#classOf, k)) : 0;
  }

  chance(item: number, group: CurrentGroup): number {
    const weight = this.#weightIn(item);
    return weight > 0 && this.#refusal(item, group, this.entry.exclusion) < 0 ? weight / this.#total : 0;
  }

  /** `chance` of every item of the group's pool, by place, in one pass. */
  chances(group: CurrentGroup): Float64Array {
    const { exclusion } = this.entry;
    const { items, weights } = this.#pool ?? { items: new Uint32Array(), weights: null };
    const chances = new Float64Array(items.length);
    const [total, allEligible] = [this.#total, this.#allEligible];
    for (let place = 0; place < items.length; place++) {
      const item = u32At(items, place);
      if (!allEligible && !group.isEligible(item)) continue;
      if (exclusion?.isMarked(item) === true && exclusion.excludes(item, group.time)) continue;
      const weight = weights ? f64At(weights, place) : 1;
      if (weight > 0) chances[place] = weight / total;
    }
    for (let k = group.from; k < group.to; k++) {
      const place = indexIn(items, 0, items.length, u32At(group.positives, k));
      if (place >= 0) chances[place] = 0;
    }
    return chances;
  }

  chancePutBack(item: number, group: CurrentGroup): number {
    const weight = this.#weightIn(item);
    return weight > 0 && this.#isEligible(item, group) ? weight / (this.#total + weight) : 0;
  }

  expected(item: number, group: CurrentGroup): number {
    return this.#quota === 0 ? 0 : -Math.expm1(this.#quota * Math.log1p(-this.chance(item, group)));
  }

  standing(item: number, group: CurrentGroup): Standing {
    // An unknown item has the number -1.
    if (item < 0 || this.#weightIn(item) === 0) return 'absent';
    const refusal = this.#refusal(item, group, this.entry.exclusion);
    return refusal === Refusal.positive
      ? 'positive'
      : refusal === Refusal.excluded
        ? 'excluded'
        : refusal === Refusal.ineligible
          ? 'ineligible'
          : 'acceptable';
  }

  describe(k: number, row: number, trace: Trace): void {
    const pool = this.#pool;
    trace.describe(row, Tier.pool, i32At(this.#attemptOf, k), k, pool?.items.length ?? 0, this.#poolIndex);
    trace.weigh(row, this.#weightOf(k), this.#total);
  }

  #weightIn(item: number): number {
    if (!this.#pool) return 0;
    // With pools by item attribute, the excluded item may be in another pool.
    const place = this.entry.ofItem ? -1 : (this.entry.exclusion?.placeOf(item) ?? -1);
    return place < 0 ? weightIn(this.#pool, item) : f64At(this.#weights, place);
  }
}

/** The pool of a positive's attributes; -1 if there is no positive, or if it has no pool. */
function poolOf(ofItem: Int32Array, positive: number): number {
  return positive < 0 ? -1 : i32At(ofItem, positive);
}
