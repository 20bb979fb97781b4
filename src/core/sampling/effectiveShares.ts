import { f64At, i16At, u32At } from '../valueAt.ts';
import type { EffectiveShares } from './drawn.ts';
import type { Rows } from './kernel/rows.ts';
import type { StagePlan } from './plan/stagePlan.ts';

/** Bins per nat of the denominators of groups, and powers kept for each bin: the error is below 1e-13. */
const PER_NAT = 256;
const POWERS = 5;

/**
 * Effective shares at equal scores over all drawn rows, in any order. With in-batch negatives, the denominator of a
 * group has a summand that is only known after the last group. So groups are collected in narrow bins by their own
 * denominator, with the powers of the distance to the middle of the bin: memory does not depend on the groups.
 */
export class EffectiveTally {
  readonly #pools: readonly boolean[];
  readonly #batchRows: number | null;
  readonly #sums: Float64Array;
  /** By bin: POWERS sums for each entry. Only with in-batch negatives. */
  readonly #bins = new Map<number, Float64Array>();
  readonly #largest: Float64Array;
  /** Logs of the rows of each entry in the current group: the sum of exp(−correction), relative to the largest. */
  readonly #own: Float64Array;
  #groups = 0;
  #positives = 0;
  /** Sum of exp(−logq_correction_batch) over the positives. */
  #batchSum = 0;
  #uncorrected = 0;

  private constructor({ entries, inBatch }: StagePlan) {
    this.#pools = entries.map(({ draws }) => draws.kind === 'pool');
    this.#batchRows = inBatch === null ? null : inBatch.batchSize - 1;
    this.#sums = new Float64Array(entries.length);
    this.#own = new Float64Array(entries.length);
    this.#largest = new Float64Array(entries.length).fill(-Infinity);
  }

  /** Null for a plan without `logq`. */
  static forPlan(plan: StagePlan): EffectiveTally | null {
    return plan.logq === undefined ? null : new EffectiveTally(plan);
  }

  /** Counts the current rows, which must be whole groups, before they are cleared. */
  add(rows: CorrectedRows): void {
    for (let from = 0, to: number; from < rows.count; from = to) {
      const group = u32At(rows.group, from);
      to = from + 1;
      while (to < rows.count && rows.group[to] === group) to++;
      this.#addGroup(rows, from, to);
    }
  }

  #addGroup({ entry, logQ, correction, batchCorrection }: CorrectedRows, from: number, to: number): void {
    const own = this.#own;
    own.fill(0);
    let least = Infinity;
    let first = from;
    for (; first < to && i16At(entry, first) < 0; first++) this.#addPositive(correction, batchCorrection, first);
    for (let row = first; row < to; row++) least = Math.min(least, f64At(correction, row));
    if (first === to) return;
    // A single entry is the whole softmax.
    const isWhole = own.length === 1 && this.#batchRows === null;
    let all = 0;
    for (let row = first, end: number; row < to; row = end) {
      const e = i16At(entry, row);
      let greatest = -Infinity;
      let sum = isWhole ? 1 : 0;
      for (end = row; end < to && entry[end] === e; end++) {
        if (!isWhole) sum += Math.exp(least - f64At(correction, end));
        greatest = Math.max(greatest, f64At(logQ, end));
      }
      own[e] = sum;
      all += sum;
      this.#largest[e] = Math.max(f64At(this.#largest, e), greatest + Math.log(end - row));
    }
    this.#groups++;
    for (let e = 0; e < own.length; e++) own[e] = f64At(own, e) / all;
    if (this.#batchRows === null) for (let e = 0; e < own.length; e++) add(this.#sums, e, f64At(own, e));
    else this.#toBin(Math.log(all) - least);
  }

  #addPositive(correction: Float64Array, batchCorrection: Float64Array, row: number): void {
    if (Number.isNaN(f64At(correction, row))) this.#uncorrected++;
    if (this.#batchRows === null) return;
    const other = f64At(batchCorrection, row);
    // Without it, the positive can be no candidate of others.
    if (Number.isNaN(other)) return;
    this.#positives++;
    this.#batchSum += Math.exp(-other);
  }

  /** @param log of the denominator of the group */
  #toBin(log: number): void {
    const number = Math.round(log * PER_NAT);
    const bin = this.#bins.get(number) ?? new Float64Array(POWERS * this.#own.length);
    this.#bins.set(number, bin);
    const distance = Math.expm1(log - number / PER_NAT);
    for (let e = 0; e < this.#own.length; e++) {
      let summand = f64At(this.#own, e) * (1 + distance);
      for (let k = 0; k < POWERS; k++, summand *= distance) add(bin, POWERS * e + k, summand);
    }
  }

  /** The counted values, for another thread. */
  state(): EffectiveState {
    return {
      sums: this.#sums,
      bins: [...this.#bins],
      largest: this.#largest,
      groups: this.#groups,
      positives: this.#positives,
      batchSum: this.#batchSum,
      uncorrected: this.#uncorrected,
    };
  }

  addState({ sums, bins, largest, groups, positives, batchSum, uncorrected }: EffectiveState): void {
    sums.forEach((sum, e) => {
      add(this.#sums, e, sum);
    });
    for (const [number, values] of bins) {
      const bin = this.#bins.get(number) ?? new Float64Array(values.length);
      this.#bins.set(number, bin);
      values.forEach((value, k) => {
        add(bin, k, value);
      });
    }
    largest.forEach((value, e) => {
      this.#largest[e] = Math.max(f64At(this.#largest, e), value);
    });
    this.#groups += groups;
    this.#positives += positives;
    this.#batchSum += batchSum;
    this.#uncorrected += uncorrected;
  }

  /** Null without negatives. */
  shares(): EffectiveShares | null {
    if (this.#groups === 0) return null;
    const entries = [...this.#totals()].map((sum) => sum / this.#groups);
    return {
      entries,
      inBatch: this.#batchRows === null ? null : Math.max(0, 1 - entries.reduce((sum, share) => sum + share, 0)),
      largestExpected: this.#pools.map((isPool, e) => {
        const log = f64At(this.#largest, e);
        return isPool && log > -Infinity ? Math.exp(log) : null;
      }),
      uncorrected: this.#uncorrected,
    };
  }

  /** Sums of the shares over all groups, by entry. */
  #totals(): Float64Array {
    if (this.#batchRows === null) return this.#sums;
    const totals = new Float64Array(this.#own.length);
    const inBatch = this.#positives === 0 ? -Infinity : Math.log((this.#batchRows * this.#batchSum) / this.#positives);
    for (const [number, bin] of this.#bins) {
      // With T = T0·(1 + y), T0/(T + B) = r/(1 + r·y) = r·Σ (−r·y)^k, where r = T0/(T0 + B).
      const r = 1 / (1 + Math.exp(inBatch - number / PER_NAT));
      for (let e = 0; e < totals.length; e++)
        for (let k = 0, power = r; k < POWERS; k++, power *= -r) add(totals, e, power * f64At(bin, POWERS * e + k));
    }
    return totals;
  }
}

type CorrectedRows = Pick<Rows, 'count' | 'group' | 'entry' | 'logQ' | 'correction' | 'batchCorrection'>;

export interface EffectiveState {
  readonly sums: Float64Array;
  readonly bins: readonly (readonly [number, Float64Array])[];
  readonly largest: Float64Array;
  readonly groups: number;
  readonly positives: number;
  readonly batchSum: number;
  readonly uncorrected: number;
}

function add(sums: Float64Array, at: number, value: number): void {
  sums[at] = f64At(sums, at) + value;
}
