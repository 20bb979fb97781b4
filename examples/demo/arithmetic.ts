/**
 * Functions that give the same bits on every machine: only +, −, ×, ÷ and square roots, which IEEE 754 rounds exactly.
 * `Math.pow`, `Math.exp` and `Math.log` differ in the last digits between platforms.
 */

/** Zipf–Mandelbrot weight (rank + q)^−(1 + 1/64) of a 0-based rank. */
export function zipfMandelbrot(rank: number, q: number): number {
  const x = rank + 1 + q;
  let root = x;
  for (let i = 0; i < 6; i++) root = Math.sqrt(root);
  return 1 / (x * root);
}

/** x^0.75 for x ≥ 0. */
export function threeQuarterPower(x: number): number {
  const root = Math.sqrt(x);
  return root * Math.sqrt(root);
}

/** Natural logarithm of a positive normal double, good to about 1e-15: x = m·2^e, ln m = 2·artanh((m − 1)/(m + 1)). */
export function naturalLog(x: number): number {
  let m = x;
  let e = 0;
  while (m > 1.5) {
    m /= 2;
    e++;
  }
  while (m < 0.75) {
    m *= 2;
    e--;
  }
  const z = (m - 1) / (m + 1);
  const square = z * z;
  let term = z;
  let sum = 0;
  for (let k = 1; k < 40; k += 2) {
    sum += term / k;
    term *= square;
  }
  return 2 * sum + e * 0.6931471805599453;
}

/** A probability as it is logged: six decimals. */
export function sixDecimals(x: number): number {
  return Math.floor(x * 1_000_000 + 0.5) / 1_000_000;
}
