import { f64At, valueAt } from '../valueAt.ts';
import { sumOf } from './itemCounts.ts';
import { jsDivergence } from './jsDivergence.ts';

/**
 * JS divergence, in bits, between a distribution and random samples of it: what a sample of that size shows by chance.
 * The counts of a sample are independent Poisson variables with the means `size` × share, so that its size is `size` on
 * average.
 */
export class ChanceDivergence {
  readonly #total: number;
  /** For each item, the number of its weight; -1 without weight. */
  readonly #weightOf: Int32Array;
  readonly #weights: number[] = [];
  readonly #chances: Poisson[] = [];

  constructor(
    input: Float64Array,
    private readonly size: number,
  ) {
    this.#total = sumOf(input);
    this.#weightOf = new Int32Array(input.length).fill(-1);
    if (!(this.#total > 0)) return;
    const known = new Map<number, number>();
    for (let k = 0; k < input.length; k++) {
      const weight = f64At(input, k);
      if (!(weight > 0)) continue;
      let number = known.get(weight);
      if (number === undefined) {
        known.set(weight, (number = this.#weights.length));
        this.#weights.push(weight);
        this.#chances.push(new Poisson((size * weight) / this.#total));
      }
      this.#weightOf[k] = number;
    }
  }

  /** Deterministic by `seed`. Null if nothing has weight. */
  of(seed: number): number | null {
    if (this.#weights.length === 0 || this.size === 0) return null;
    const next = uniforms(seed);
    const tallies = this.#weights.map((): Map<number, number> => new Map());
    const small = this.#weights.map((): number[] => []);
    for (const number of this.#weightOf) {
      if (number < 0) continue;
      const count = valueAt(this.#chances, number).draw(next);
      if (count < SMALL_COUNT) {
        const own = valueAt(small, number);
        own[count] = (own.at(count) ?? 0) + 1;
      } else {
        const own = valueAt(tallies, number);
        own.set(count, (own.get(count) ?? 0) + 1);
      }
    }
    // Items with the same weight and the same count contribute like one item with their sums.
    const [drawn, input]: [number[], number[]] = [[], []];
    for (const [number, weight] of this.#weights.entries()) {
      const add = (items: number, count: number): void => {
        drawn.push(items * count);
        input.push(items * weight);
      };
      small[number]?.forEach(add);
      tallies[number]?.forEach(add);
    }
    return jsDivergence(drawn, input);
  }
}

/**
 * JS divergence, in bits, between two random samples of one distribution with these sizes: what two samples differ by
 * chance. Poisson counts as in `ChanceDivergence`. Null if nothing has weight.
 */
export function chanceOfPair(input: Float64Array, sizes: readonly [number, number], seed: number): number | null {
  if (sumOf(input) === 0) return null;
  const next = uniforms(seed);
  return jsDivergence(new ChanceSamples(input, sizes[0]).draw(next), new ChanceSamples(input, sizes[1]).draw(next));
}

/**
 * JS divergences, in bits, between a distribution and random samples of another: their distance, and what a sample of
 * that size adds by chance. Poisson counts as in `ChanceDivergence`.
 */
export class ChanceDistance {
  readonly #samples: ChanceSamples;

  /**
   * @param input what the samples are drawn from
   * @param from what the samples are compared with
   */
  constructor(
    private readonly input: Float64Array,
    private readonly size: number,
    private readonly from: Float64Array,
  ) {
    this.#samples = new ChanceSamples(input, size);
  }

  /** Deterministic by `seed`. Null if nothing is drawn. */
  of(seed: number): number | null {
    if (sumOf(this.input) === 0 || this.size === 0) return null;
    return jsDivergence(this.#samples.draw(uniforms(seed)), this.from);
  }
}

/** Counts of random samples. Items of equal weight share the sums of their probabilities, and so do the samples. */
class ChanceSamples {
  readonly #total: number;
  readonly #chances = new Map<number, Poisson>();

  constructor(
    private readonly input: Float64Array,
    private readonly size: number,
  ) {
    this.#total = sumOf(input);
  }

  draw(next: () => number): Float64Array {
    return this.input.map((weight) => {
      if (!(weight > 0)) return 0;
      let chance = this.#chances.get(weight);
      if (chance === undefined) {
        chance = new Poisson((this.size * weight) / this.#total);
        this.#chances.set(weight, chance);
      }
      return chance.draw(next);
    });
  }
}

/** Above this mean, the normal distribution is near enough. */
const LARGE_MEAN = 50;
/** Items are counted by counts below this in an array. */
const SMALL_COUNT = 256;

/** Poisson counts with one mean. Sums of probabilities are computed once, as far as they are needed. */
class Poisson {
  /** Chance of at most `k`, by `k`. */
  readonly #sums: number[];
  #probability: number;

  constructor(private readonly mean: number) {
    this.#probability = Math.exp(-mean);
    this.#sums = [this.#probability];
  }

  draw(next: () => number): number {
    const { mean } = this;
    if (mean > LARGE_MEAN) {
      const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
      return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
    }
    const u = next();
    const sums = this.#sums;
    for (let last = sums.at(-1) ?? 1; u >= last && this.#probability > 0;)
      sums.push((last += this.#probability *= mean / sums.length));
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (u < valueAt(sums, middle)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
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
