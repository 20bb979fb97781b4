import { f64At } from '../valueAt.ts';

/** A quantile of ascending values, linear between neighbours (type 7 of Hyndman and Fan, 1996). */
export function quantile(ascending: Float64Array, share: number): number {
  const place = share * (ascending.length - 1);
  const below = Math.floor(place);
  const low = f64At(ascending, below);
  return below + 1 === ascending.length ? low : low + (place - below) * (f64At(ascending, below + 1) - low);
}

/**
 * The value that a Student t variable exceeds in absolute value with probability 1 − `level`. Finite series of
 * Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4, inverted by bisection.
 */
export function studentLimit(level: number, degrees: number): number {
  let [low, high] = [0, 1];
  while (within(high, degrees) < level) high *= 2;
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (within(middle, degrees) < level) low = middle;
    else high = middle;
  }
  return high;
}

/** P(|T| < t). */
function within(t: number, degrees: number): number {
  const angle = Math.atan(t / Math.sqrt(degrees));
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const odd = degrees % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let power = odd ? 3 : 2; power <= degrees - 2; power += 2) {
    term *= ((power - 1) / power) * cosine * cosine;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
}
