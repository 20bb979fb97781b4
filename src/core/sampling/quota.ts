/** 2^32. */
const UNIT = 4294967296;
/** Shares within this of 1 together are whole: the rounding of decimals. */
const TOLERANCE = 1e-9;

/** True where shares make a whole, up to the rounding of decimals. */
export function isWholeMix(shares: readonly number[]): boolean {
  return Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) <= TOLERANCE;
}

/**
 * Cumulated sums of quotas in units of 2^-32 rows: whole rows and the rest, one of each for an entry. Beyond 2^53 a
 * double could not hold them at once.
 */
export interface QuotaCuts {
  readonly whole: Float64Array;
  readonly rest: Float64Array;
}

/**
 * Cumulated shares of `perGroup` rows as integers: floor(N·(share_1 + … + share_s)·2^32 + 0.5); the last is N·2^32
 * where the shares sum to 1, and none is above it.
 *
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
  const whole = Float64Array.from(cuts, (cut) => Math.floor(cut / UNIT));
  return { whole, rest: Float64Array.from(cuts, (cut, s) => cut - (whole[s] ?? 0) * UNIT) };
}

/**
 * Systematic rounding: all cuts are moved by the same offset of less than a row, so that the quotas of a group sum to
 * what the shares do, and each has its exact expectation.
 *
 * @param offset the word `a` of the group's draw `@quota`
 * @param quotas out: one for each entry
 */
export function quotasOf({ whole, rest }: QuotaCuts, offset: number, quotas: Float64Array): void {
  let before = 0;
  for (let s = 0; s < whole.length; s++) {
    const upTo = (whole[s] ?? 0) + ((rest[s] ?? 0) + offset >= UNIT ? 1 : 0);
    quotas[s] = upTo - before;
    before = upTo;
  }
}
