import { f64At } from '../valueAt.ts';

/** A quantile of ascending values, interpolated linearly (type 7 of Hyndman and Fan, 1996). `share`: from 0 to 1. */
export function quantile(ascending: Float64Array, share: number): number {
  const position = share * (ascending.length - 1);
  const index = Math.floor(position);
  const low = f64At(ascending, index);
  return index + 1 === ascending.length ? low : low + (position - index) * (f64At(ascending, index + 1) - low);
}

/**
 * The value that a Student t variable exceeds in absolute value with probability 1 − `level`. Finite series of
 * Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4, inverted by bisection.
 */
export function studentLimit(level: number, degreesOfFreedom: number): number {
  let [low, high] = [0, 1];
  while (probabilityWithin(high, degreesOfFreedom) < level) high *= 2;
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (probabilityWithin(middle, degreesOfFreedom) < level) low = middle;
    else high = middle;
  }
  return high;
}

/** P(|T| < t). */
function probabilityWithin(t: number, degreesOfFreedom: number): number {
  const angle = Math.atan(t / Math.sqrt(degreesOfFreedom));
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const isOdd = degreesOfFreedom % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = degreesOfFreedom === 1 ? 0 : term;
  for (let power = isOdd ? 3 : 2; power <= degreesOfFreedom - 2; power += 2) {
    term *= ((power - 1) / power) * cosine * cosine;
    sum += term;
  }
  return isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
}
