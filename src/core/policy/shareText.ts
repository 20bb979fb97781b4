import { valueAt } from '../valueAt.ts';

/** Shares whose sum is this close to 1 count as complete; the difference is decimal rounding. */
export const SHARE_TOLERANCE = 1e-9;

/** True if numbers are clearly percentages: they sum to 100, except for decimal rounding. */
export function arePercentages(shares: readonly number[]): boolean {
  return Math.abs(sumOf(shares) - 100) <= 100 * SHARE_TOLERANCE;
}

export function sumOf(shares: readonly number[]): number {
  return shares.reduce((sum, share) => sum + share, 0);
}

/**
 * The rest of 1 that shares leave, with the precision of written decimals: 0.3, 0.2, 0.1 → 0.4. Null if nothing is
 * left.
 */
export function remainder(shares: readonly number[]): string | null {
  const remaining = Number((1 - sumOf(shares)).toFixed(12));
  return remaining > 0 && remaining <= 1 ? plain(remaining) : null;
}

/** A hundredth of a number as written in a config, exact in decimals: 12.5 → 0.125. */
export function hundredth(text: string): string {
  return plain(Number((Number(text) / 100).toPrecision(15)));
}

/**
 * Scales shares to sum to exactly 1 in the same proportions.
 * Uses the fewest decimals that keep each within 2 % of its proportion, and at least as many as are written.
 * The largest remainders are rounded up, so no share moves by more than one unit of the last decimal.
 */
export function normalised(texts: readonly string[]): string[] | null {
  const shares = texts.map(Number);
  const sum = sumOf(shares);
  if (!(sum > 0) || !Number.isFinite(sum)) return null;
  const decimals = texts.map((text) => /^[-+]?\d*\.(\d+)$/.exec(text)?.[1]?.length ?? 0);
  for (let digits = Math.min(9, Math.max(1, ...decimals)); digits <= 9; digits++) {
    const units = apportioned(
      shares.map((share) => share / sum),
      10 ** digits,
    );
    const near = units.every(
      (unit, k) =>
        Math.abs(unit / 10 ** digits - valueAt(shares, k) / sum) <= (0.02 * valueAt(shares, k)) / sum + Number.EPSILON,
    );
    if (!near && digits < 9) continue;
    return units.map((unit, k) => padded(unit, digits, valueAt(decimals, k)));
  }
  return null;
}

/** Distributes `total` whole units in proportion to fractions that sum to 1 (Hamilton's method). */
function apportioned(fractions: readonly number[], total: number): number[] {
  const exact = fractions.map((fraction) => fraction * total);
  const units = exact.map(Math.floor);
  const remaining = total - sumOf(units);
  const order = exact
    .map((value, k) => ({ k, rest: value - Math.floor(value) }))
    .sort((a, b) => b.rest - a.rest || a.k - b.k);
  for (const { k } of order.slice(0, remaining)) units[k] = valueAt(units, k) + 1;
  return units;
}

/** Writes units of the last decimal as a decimal, without trailing zeros beyond the `least` decimals. */
function padded(unit: number, digits: number, minDecimals: number): string {
  const text = (unit / 10 ** digits).toFixed(digits);
  const cut = text.replace(/0+$/, '').replace(/\.$/, '');
  const have = cut.split('.')[1]?.length ?? 0;
  return have >= minDecimals ? cut : (unit / 10 ** digits).toFixed(minDecimals);
}

/** A number without exponent. */
function plain(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(20).replace(/0+$/, '') : text;
}
