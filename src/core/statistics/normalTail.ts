/** Terms of the series (below `SPLIT`) and of the continued fraction (above): enough for nine digits. */
const TERMS = 60;
const SPLIT = 3;

/** Probability that a standard normal value is at least as far from 0 as `z`, on either side. */
export function twoSidedP(z: number): number {
  const x = Math.abs(z);
  if (!Number.isFinite(x)) return 0;
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (x < SPLIT) {
    // Φ(x) − ½ = φ(x)·(x + x³/3 + x⁵/(3·5) + …)
    let [sum, term] = [0, x];
    for (let k = 1; k <= TERMS; k++) {
      sum += term;
      term *= (x * x) / (2 * k + 1);
    }
    return Math.max(0, 1 - 2 * density * sum);
  }
  // 1 − Φ(x) = φ(x) / (x + 1/(x + 2/(x + …)))
  let fraction = x;
  for (let k = TERMS; k >= 1; k--) fraction = x + k / fraction;
  return (2 * density) / fraction;
}
