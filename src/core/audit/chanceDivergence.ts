import { f64At } from '../valueAt.ts';
import { sumOf } from './itemCounts.ts';
import { jsDivergence } from './jsDivergence.ts';

/**
 * JS divergence, in bits, between a distribution and one random sample of it: what a sample of that size shows by chance.
 * The counts of the sample are independent Poisson variables with the means `size` × share, so that its size is `size` on
 * average. Deterministic by `seed`. Null if nothing has weight.
 * @param from what the sample is compared with; default: what it is drawn from
 */
export function chanceDivergence(input: Float64Array, size: number, seed: number, from = input): number | null {
  const total = sumOf(input);
  if (total === 0 || size === 0) return null;
  const drawn = new Float64Array(input.length);
  const next = uniforms(seed);
  for (let k = 0; k < input.length; k++) {
    const mean = (size * f64At(input, k)) / total;
    if (mean > 0) drawn[k] = poisson(mean, next);
  }
  return jsDivergence(drawn, from);
}

/**
 * JS divergence, in bits, between two random samples of one distribution with these sizes: what two samples differ by
 * chance. Poisson counts as in `chanceDivergence`. Null if nothing has weight.
 */
export function chanceOfPair(input: Float64Array, sizes: readonly [number, number], seed: number): number | null {
  const total = sumOf(input);
  if (total === 0) return null;
  const next = uniforms(seed);
  const sample = (size: number): Float64Array =>
    input.map((weight) => (weight > 0 ? poisson((size * weight) / total, next) : 0));
  return jsDivergence(sample(sizes[0]), sample(sizes[1]));
}

/** Above this mean, the normal distribution is near enough. */
const LARGE_MEAN = 50;

function poisson(mean: number, next: () => number): number {
  if (mean > LARGE_MEAN) {
    const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
  }
  const u = next();
  let probability = Math.exp(-mean);
  let sum = probability;
  let count = 0;
  while (u >= sum && probability > 0) sum += probability *= mean / ++count;
  return count;
}

/** Uniform numbers in [0, 1), multiples of 2^-32: a Weyl sequence through the finaliser of MurmurHash3. */
function uniforms(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x85ebca6b) | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let h = state ^ (state >>> 16);
    h = Math.imul(h, 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
  };
}
