import { valueAt } from '../../src/core/valueAt.ts';

/**
 * The shares after one of them is set to `value`. The others keep their proportions and fill the rest of `total`. They
 * are rounded to `decimals` so that the sum is exactly the total; the largest remainders round up. If all others are 0,
 * they get equal shares.
 */
export function rescaled(
  shares: readonly number[],
  moved: number,
  value: number,
  total: number,
  decimals: number,
): number[] {
  const unit = 10 ** decimals;
  const all = Math.round(total * unit);
  const valueUnits = Math.min(all, Math.max(0, Math.round(value * unit)));
  const others = shares.map((share, k) => (k === moved ? 0 : Math.max(0, share)));
  const sum = others.reduce((a, b) => a + b, 0);
  const remaining = shares.length === 1 ? 0 : all - valueUnits;
  const exact = others.map((share, k) =>
    k === moved ? 0 : sum === 0 ? remaining / (shares.length - 1) : (share / sum) * remaining,
  );
  const units = exact.map(Math.floor);
  const byRemainder = exact
    .map((part, k) => ({ k, part: part - Math.floor(part) }))
    .filter(({ k }) => k !== moved)
    .sort((a, b) => b.part - a.part);
  const missing = remaining - units.reduce((a, b) => a + b, 0);
  for (const { k } of byRemainder.slice(0, missing)) units[k] = valueAt(units, k) + 1;
  units[moved] = shares.length === 1 ? valueUnits : all - units.reduce((a, b, k) => (k === moved ? a : a + b), 0);
  return units.map((count) => count / unit);
}

/** Decimals that a number of a config needs, between `least` and 6. */
export function decimalsOf(value: number, least: number): number {
  for (let decimals = least; decimals < 6; decimals++)
    if (Math.abs(Math.round(value * 10 ** decimals) - value * 10 ** decimals) < 1e-6) return decimals;
  return 6;
}
