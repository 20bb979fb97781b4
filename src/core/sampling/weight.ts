/** Converts an exponent from 0 to 1 to the numerator of a multiple of 2^-16, as the weights need it. */
export function exponentOf(alpha: number): number {
  return Math.floor(alpha * 65536 + 0.5);
}

/**
 * The integer weight of an item: max(1, floor(1024·x^α + 0.5)) with x = count + smoothing; 0 for x = 0, for any α.
 * x^α is a product of repeated square roots, one for each bit of α, highest first. Square roots and products round the
 * same on every machine; `pow` does not.
 * @param exponent numerator of α, from `exponentOf`
 */
export function itemWeight(x: number, exponent: number): number {
  if (!(x > 0)) return 0;
  return Math.max(1, Math.floor(1024 * power(x, exponent) + 0.5));
}

function power(x: number, exponent: number): number {
  let root = x;
  let product = exponent >= 65536 ? x : 1;
  for (let bit = 15; bit >= 0; bit--) {
    root = Math.sqrt(root);
    if ((exponent & (1 << bit)) !== 0) product *= root;
  }
  return product;
}
