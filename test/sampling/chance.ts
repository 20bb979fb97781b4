/**
 * Probability that a chi-square variable of `freedom` degrees is above x: the regularised upper incomplete gamma
 * function Q(freedom/2, x/2), by its series
 * below a + 1 and Lentz's continued fraction above (Press et al., Numerical Recipes, 6.2).
 */
export function chiSquareTail(x: number, freedom: number): number {
  const a = freedom / 2;
  const z = x / 2;
  if (z <= 0) return 1;
  const scale = Math.exp(a * Math.log(z) - z - logGamma(a));
  if (z < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = a + 1; term > sum * 1e-16; n++) {
      term *= z / n;
      sum += term;
    }
    return 1 - sum * scale;
  }
  let b = z + 1 - a;
  let c = Number.MAX_VALUE;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < 10_000; n++) {
    const step = -n * (n - a);
    b += 2;
    d = 1 / (step * d + b);
    c = b + step / c;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return fraction * scale;
}

/** Stirling's series after shifting the argument above 10. */
function logGamma(x: number): number {
  let shift = 0;
  let y = x;
  for (; y < 10; y++) shift -= Math.log(y);
  return (
    shift +
    (y - 0.5) * Math.log(y) -
    y +
    Math.log(2 * Math.PI) / 2 +
    1 / (12 * y) -
    1 / (360 * y ** 3) +
    1 / (1260 * y ** 5)
  );
}

/**
 * Pearson's statistic of counts against probabilities; cells with fewer than five expected counts are merged into one.
 */
export function chiSquare(
  observed: ReadonlyMap<string, number>,
  probabilities: ReadonlyMap<string, number>,
): { readonly x: number; readonly freedom: number; readonly tail: number } {
  const total = [...observed.values()].reduce((sum, n) => sum + n, 0);
  const cells: { seen: number; expected: number }[] = [];
  const rare = { seen: 0, expected: 0 };
  for (const [key, p] of probabilities) {
    const cell = p * total < 5 ? rare : { seen: 0, expected: 0 };
    cell.seen += observed.get(key) ?? 0;
    cell.expected += p * total;
    if (cell !== rare) cells.push(cell);
  }
  if (rare.expected >= 5) cells.push(rare);
  const x = cells.reduce((sum, { seen, expected }) => sum + (seen - expected) ** 2 / expected, 0);
  return { x, freedom: cells.length - 1, tail: chiSquareTail(x, cells.length - 1) };
}
