import { f64At, i32At } from '../../valueAt.ts';
import { effectiveBatchRows } from '../plan/inBatchWeight.ts';
import type { LogQMode, StagePlan } from '../plan/stagePlan.ts';
import type { BatchPool, World } from '../world/world.ts';
import type { CurrentGroup } from './currentGroup.ts';
import type { Drawer } from './drawer.ts';

/** The drawers of a group after its draws, and the number of rows that each of them filled. */
export interface GroupDraws {
  readonly drawers: readonly Drawer[];
  readonly rowCounts: Int32Array;
}

/** The sums of an item over the entries s of a group that filled n_s rows. */
interface Sums {
  /** Σ n_s. */
  rows: number;
  /** Σ n_s·q_s(item): all entries, and pools only. */
  expected: number;
  ofPools: number;
  /** The same sums if every pool were drawn uniformly. */
  even: number;
  evenOfPools: number;
}

/** The in-batch negatives as one more pool, with the number of rows that they count as. */
interface BatchPart {
  readonly pool: BatchPool;
  readonly rows: number;
}

/**
 * The log q corrections of a plan, see docs/sampling.md. With m(i) = Σ n_s·q_s(i) and a(i) the same sum with every pool
 * drawn uniformly, the correction is log(m/n) for `corpus` and log(m/a) for `shares`. In-batch negatives are one more
 * pool of batch_size − 1 rows. A correction is a function of group and item, never of the entry. NaN if m = 0.
 *
 * With `training.in_batch.weight`, the drawn rows and the batch are corrected apart: in-batch negatives are no pool of
 * drawn rows, so that these keep the shares of the mix, and count as n·w/(1 − w) rows.
 */
export class Corrections {
  #logged = 1;
  #log = 0;
  readonly #sums: Sums = { rows: 0, expected: 0, ofPools: 0, even: 0, evenOfPools: 0 };

  private constructor(
    private readonly mode: LogQMode,
    private readonly ofPositives: BatchPart | null,
    private readonly ofNegatives: BatchPart | null,
    /** The weight's constant: `logq_correction_batch` − `log_q_batch`. Null without a weight. */
    private readonly batchConstant: number | null,
  ) {}

  /** Null for a plan without `logq`. */
  static forPlan(plan: StagePlan, { batchPool }: World): Corrections | null {
    const { logq, inBatch } = plan;
    if (logq === undefined) return null;
    if (inBatch === null) return new Corrections(logq, null, null, null);
    if (!batchPool) throw new Error('the world has no positives for the in-batch correction');
    const rows = effectiveBatchRows(plan);
    const part = { pool: batchPool, rows };
    return inBatch.weight === undefined
      ? new Corrections(logq, part, part, null)
      : new Corrections(logq, part, null, Math.log(batchPool.items * ((inBatch.batchSize - 1) / rows)));
  }

  /**
   * The correction of a negative.
   * @param own the entry that drew the item, with that chance; -1 if it is unknown
   */
  ofNegative(item: number, group: CurrentGroup, { drawers, rowCounts }: GroupDraws, own = -1, ownChance = 0): number {
    this.#start();
    for (let e = 0; e < drawers.length; e++) {
      const rows = i32At(rowCounts, e);
      const drawer = drawers[e];
      if (rows === 0 || !drawer) continue;
      this.#add(rows, e === own ? ownChance : drawer.chance(item, group), drawer.acceptable);
    }
    return this.#of(item, this.ofNegatives);
  }

  /** The mixed log q of the last `ofNegative`. */
  get logQMix(): number {
    return Math.log(this.#sums.expected / this.#sums.rows);
  }

  /** The correction of a positive of the group. */
  ofPositive(item: number, group: CurrentGroup, { drawers, rowCounts }: GroupDraws): number {
    this.#start();
    // For the shares, the own exposure is one more candidate. An event without an impression has none.
    const asCandidate = this.mode === 'shares' && group.isExposed;
    for (let e = 0; e < drawers.length; e++) {
      const rows = i32At(rowCounts, e);
      const drawer = drawers[e];
      if (rows === 0 || !drawer) continue;
      const acceptable = drawer.acceptable === null ? null : drawer.acceptable + 1;
      this.#add(rows, drawer.chancePutBack(item, group, asCandidate), acceptable);
    }
    return this.#of(item, this.ofPositives);
  }

  /**
   * The correction of an item of a group in which several pools filled rows.
   * @param rows Σ n_s
   * @param expected Σ n_s·q_s(item)
   * @param even the same sum if every pool were drawn uniformly
   */
  ofExpected(item: number, isPositive: boolean, rows: number, expected: number, even: number): number {
    const sums = this.#sums;
    sums.rows = rows;
    sums.expected = sums.ofPools = expected;
    sums.even = sums.evenOfPools = even;
    return this.#of(item, this.#partOf(isPositive));
  }

  /**
   * The correction of the item of the last `ofPositive` or `ofExpected` as a candidate of another positive of its
   * batch.
   * @param ofPool the result of the last `ofPool`, if only one pool filled rows: it has no lists to leave out
   */
  ofBatch(item: number, ofPool?: number): number {
    const { batchConstant, ofPositives } = this;
    if (batchConstant !== null && ofPositives) return logQBatch(ofPositives.pool, item) + batchConstant;
    return ofPool ?? this.#of(item, ofPositives, false);
  }

  /**
   * The correction of a row of a group in which only one pool filled rows.
   * @param logQ NaN if the pool cannot draw the item
   * @param acceptable number of items that the pool can give, with the item itself
   */
  ofPool(item: number, isPositive: boolean, logQ: number, filled: number, acceptable: number): number {
    const part = this.#partOf(isPositive);
    // No in-batch negative has this item, so one factor of m is the same for all rows of the group.
    if (part === null || part.pool.counts[item] === 0) {
      if (Number.isNaN(logQ)) return NaN;
      return logQ + this.#logOf(this.mode === 'shares' ? acceptable : filled / (filled + (part?.rows ?? 0)));
    }
    this.#start();
    this.#add(filled, Number.isNaN(logQ) ? 0 : Math.exp(logQ), acceptable);
    return this.#of(item, part);
  }

  #partOf(isPositive: boolean): BatchPart | null {
    return isPositive ? this.ofPositives : this.ofNegatives;
  }

  /** Most rows of a group ask for the same logarithm. */
  #logOf(value: number): number {
    if (value !== this.#logged) {
      this.#logged = value;
      this.#log = Math.log(value);
    }
    return this.#log;
  }

  #start(): void {
    const sums = this.#sums;
    sums.rows = sums.expected = sums.ofPools = sums.even = sums.evenOfPools = 0;
  }

  #add(filled: number, chance: number, acceptable: number | null): void {
    const sums = this.#sums;
    const expected = filled * chance;
    sums.rows += filled;
    sums.expected += expected;
    if (acceptable === null) {
      sums.even += expected;
      return;
    }
    const even = chance > 0 ? filled / acceptable : 0;
    sums.even += even;
    sums.ofPools += expected;
    sums.evenOfPools += even;
  }

  /** Without lists, n stays the number of all rows: the candidates of one softmax need the same n. */
  #of(item: number, part: BatchPart | null, withLists = true): number {
    const { rows, expected, ofPools, even, evenOfPools } = this.#sums;
    const share = part === null ? 0 : f64At(part.pool.counts, item) / part.pool.positives;
    const inBatch = part !== null && share > 0 ? part : null;
    const m = (withLists ? expected : ofPools) + (inBatch ? inBatch.rows * share : 0);
    if (!(m > 0)) return NaN;
    if (this.mode === 'corpus') return Math.log(m / (rows + (part?.rows ?? 0)));
    return Math.log(m / ((withLists ? even : evenOfPools) + (inBatch ? inBatch.rows / inBatch.pool.items : 0)));
  }
}

/** `log_q_batch`: the log of the item's share of the train positives; NaN without a positive. */
export function logQBatch({ counts, positives }: BatchPool, item: number): number {
  const count = f64At(counts, item);
  return count > 0 ? Math.log(count / positives) : NaN;
}
