import { BulkGenerator } from '../sampling/rng.ts';
import { f64At, u32At, u8At, valueAt } from '../valueAt.ts';

/** Number of resamples for an interval. */
export const resamples = 2000;
/**
 * Users are grouped into at most this many buckets of equal size, and buckets are resampled. So 200,000 users cost as
 * much as 2,048. The standard error of a bootstrap over B buckets is itself uncertain by about 1/√(2B): 1.6 %.
 */
export const userBuckets = 2048;

/**
 * The resamples that all metrics and pairs of a trial share. Users and seeds are drawn independently, with replacement:
 * the two-way bootstrap of Owen, "The pigeonhole bootstrap", Annals of Applied Statistics, 2007.
 */
export class Resampling {
  readonly #bucketOf: Uint32Array;
  readonly #buckets: number;
  /** Number of times that each bucket, and each seed, is in each resample. */
  readonly #bucketCounts: Uint8Array;
  readonly #seedCounts: Uint8Array;
  readonly #seeds: number;

  /** Equal keys give equal resamples. */
  constructor(key: string, users: number, seeds: number) {
    this.#seeds = seeds;
    this.#buckets = Math.min(users, userBuckets);
    this.#bucketOf = bucketsOf(users, this.#buckets, new BulkGenerator(`${key}/buckets`));
    this.#bucketCounts = countsOf(this.#buckets, new BulkGenerator(`${key}/users`));
    this.#seedCounts = countsOf(seeds, new BulkGenerator(`${key}/seeds`));
  }

  /**
   * The weighted mean of `a` − `b` over users and seeds: for all users, and for each resample in ascending order. Users
   * whose value is NaN are skipped, and so are resamples without a value.
   */
  differences(
    a: readonly Float64Array[],
    b: readonly Float64Array[],
    weights: Float64Array | undefined,
  ): { readonly mean: number | null; readonly resampled: Float64Array } {
    const sums = a.map((values, seed) => this.#sums(values, valueAt(b, seed), weights));
    const total = valueAt(sums, 0).weight.reduce(add, 0);
    const resampled = new Float64Array(resamples);
    let count = 0;
    for (let k = 0; k < resamples; k++) {
      const weight = this.#dot(k, valueAt(sums, 0).weight) * this.#seeds;
      if (weight === 0) continue;
      let sum = 0;
      for (let seed = 0; seed < this.#seeds; seed++) {
        const times = u8At(this.#seedCounts, k * this.#seeds + seed);
        if (times > 0) sum += times * this.#dot(k, valueAt(sums, seed).value);
      }
      resampled[count++] = sum / weight;
    }
    const mean =
      total === 0 ? null : sums.reduce((sum, { value }) => sum + value.reduce(add, 0), 0) / (total * this.#seeds);
    return { mean, resampled: resampled.slice(0, count).sort() };
  }

  /** Sums of weighted differences, and of weights, by bucket. */
  #sums(
    a: Float64Array,
    b: Float64Array,
    weights: Float64Array | undefined,
  ): { readonly value: Float64Array; readonly weight: Float64Array } {
    const value = new Float64Array(this.#buckets);
    const weight = new Float64Array(this.#buckets);
    for (let user = 0; user < a.length; user++) {
      const difference = f64At(a, user) - f64At(b, user);
      if (Number.isNaN(difference)) continue;
      const bucket = u32At(this.#bucketOf, user);
      const userWeight = weights === undefined ? 1 : f64At(weights, user);
      value[bucket] = f64At(value, bucket) + userWeight * difference;
      weight[bucket] = f64At(weight, bucket) + userWeight;
    }
    return { value, weight };
  }

  /** The sum of `values` over the buckets of a resample, each as often as it was drawn. */
  #dot(resample: number, values: Float64Array): number {
    const counts = this.#bucketCounts;
    const start = resample * this.#buckets;
    let sum = 0;
    for (let bucket = 0; bucket < this.#buckets; bucket++) sum += u8At(counts, start + bucket) * f64At(values, bucket);
    return sum;
  }
}

/** A bucket for each user. Sizes differ by at most 1. */
function bucketsOf(users: number, buckets: number, generator: BulkGenerator): Uint32Array {
  const order = Uint32Array.from({ length: users }, (_, user) => user);
  for (let last = users - 1; last > 0; last--) {
    const other = generator.integerBelow(last + 1);
    const user = u32At(order, last);
    order[last] = u32At(order, other);
    order[other] = user;
  }
  const bucketOf = new Uint32Array(users);
  for (let position = 0; position < users; position++) bucketOf[u32At(order, position)] = position % buckets;
  return bucketOf;
}

/** For each resample, how often each of `size` entries occurs in `size` draws with replacement. */
function countsOf(size: number, generator: BulkGenerator): Uint8Array {
  const counts = new Uint8Array(resamples * size);
  for (let resample = 0; resample < resamples; resample++)
    for (let draw = 0; draw < size; draw++) {
      const index = resample * size + generator.integerBelow(size);
      counts[index] = u8At(counts, index) + 1;
    }
  return counts;
}

const add = (sum: number, value: number): number => sum + value;
