import { f64At } from '../valueAt.ts';

/** 2^32. */
const UNIT = 4294967296;
/** Shares whose sum is this close to 1 count as complete; the difference is decimal rounding. */
const TOLERANCE = 1e-9;

/** True if shares sum to 1, except for decimal rounding. */
export function isWholeMix(shares: readonly number[]): boolean {
  return Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) <= TOLERANCE;
}

/**
 * Cumulative quotas in units of 2^-32 rows: whole rows and the rest, one of each per entry. They are split because
 * beyond 2^53 a double could not hold both.
 */
export interface QuotaCuts {
  readonly wholeCounts: Float64Array;
  readonly remainders: Float64Array;
}

/**
 * Cumulative shares of `perGroup` rows as integers: floor(N·(share_1 + … + share_s)·2^32 + 0.5). If the shares sum to
 * 1, the last is N·2^32, and none exceeds it.
 * @param shares in the order of the entries
 */
export function quotaCuts(perGroup: number, shares: readonly number[]): QuotaCuts {
  const sums: number[] = [];
  shares.reduce((sum, share) => (sums.push(sum + share), sum + share), 0);
  const isWhole = isWholeMix(shares);
  const most = isWhole ? perGroup * UNIT : Infinity;
  const cuts = sums.map((sum, s) =>
    isWhole && s === sums.length - 1 ? most : Math.min(most, Math.floor(perGroup * sum * UNIT + 0.5)),
  );
  const wholeCounts = Float64Array.from(cuts, (cut) => Math.floor(cut / UNIT));
  return { wholeCounts, remainders: Float64Array.from(cuts, (cut, s) => cut - f64At(wholeCounts, s) * UNIT) };
}

/**
 * Systematic rounding: all cuts are shifted by the same offset of less than a row. So the quotas of a group have the
 * same sum as the shares, and each has its exact expectation.
 * @param offset the word `a` of the group's draw `@quota`
 * @param quotas output: one per entry
 */
export function quotasOf({ wholeCounts, remainders }: QuotaCuts, offset: number, quotas: Float64Array): void {
  let before = 0;
  for (let s = 0; s < wholeCounts.length; s++) {
    const upTo = f64At(wholeCounts, s) + (f64At(remainders, s) + offset >= UNIT ? 1 : 0);
    quotas[s] = upTo - before;
    before = upTo;
  }
}
