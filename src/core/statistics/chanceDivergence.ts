import { f64At, i32At, u16At, u32At } from '../valueAt.ts';
import { sumOf } from './itemCounts.ts';
import { jsDivergence } from './jsDivergence.ts';

/**
 * JS divergence, in bits, between a distribution and random samples of it: what a sample of that size shows by chance.
 * The counts of a sample are independent Poisson variables with the means `size` × share, so that its size is `size` on
 * average.
 */
export class ChanceDivergence {
  readonly #samples: ChanceSamples;

  constructor(
    input: Float64Array,
    private readonly size: number,
  ) {
    this.#samples = new ChanceSamples(input, size);
  }

  /** Deterministic by `seed`. Null if nothing has weight. */
  of(seed: number): number | null {
    const { weights } = this.#samples;
    if (weights.length === 0 || this.size === 0) return null;
    const [drawn, input]: [number[], number[]] = [[], []];
    // Items with the same weight and the same count contribute like one item with their sums.
    this.#samples.tally(new Uniforms(seed), (number, count, items) => {
      drawn.push(items * count);
      input.push(items * f64At(weights, number));
    });
    return jsDivergence(drawn, input);
  }
}

/**
 * JS divergence, in bits, between two random samples of one distribution with these sizes: what two samples differ by
 * chance. Poisson counts as in `ChanceDivergence`. Null if nothing has weight.
 */
export function chanceOfPair(input: Float64Array, sizes: readonly [number, number], seed: number): number | null {
  if (sumOf(input) === 0) return null;
  const uniforms = new Uniforms(seed);
  return jsDivergence(
    new ChanceSamples(input, sizes[0]).draw(uniforms),
    new ChanceSamples(input, sizes[1]).draw(uniforms),
  );
}

/**
 * JS divergences, in bits, between a distribution and random samples of another: their distance, and what a sample of
 * that size adds by chance. Poisson counts as in `ChanceDivergence`.
 */
export class SampledDistance {
  readonly #samples: ChanceSamples;

  /**
   * @param input what the samples are drawn from
   * @param from what the samples are compared with
   */
  constructor(
    input: Float64Array,
    private readonly size: number,
    private readonly from: Float64Array,
  ) {
    this.#samples = new ChanceSamples(input, size);
  }

  /** Deterministic by `seed`. Null if nothing is drawn. */
  distance(seed: number): number | null {
    if (this.#samples.weights.length === 0 || this.size === 0) return null;
    return jsDivergence(this.#samples.draw(new Uniforms(seed)), this.from);
  }
}

/** Counts of random samples. Items of equal weight share the sums of their probabilities, and so do the samples. */
class ChanceSamples {
  /** The different weights above 0. */
  readonly weights: Float64Array;
  /** For each item, the number of its weight; -1 without weight. */
  readonly #weightOf: Int32Array;
  readonly #chances: readonly Poisson[];

  constructor(input: Float64Array, size: number) {
    const total = sumOf(input);
    const known = new Map<number, number>();
    this.#weightOf = new Int32Array(input.length).fill(-1);
    for (let k = 0; k < input.length; k++) {
      const weight = f64At(input, k);
      if (!(weight > 0)) continue;
      let number = known.get(weight);
      if (number === undefined) known.set(weight, (number = known.size));
      this.#weightOf[k] = number;
    }
    this.weights = Float64Array.from(known.keys());
    this.#chances = Array.from(this.weights, (weight) => new Poisson((size * weight) / total));
  }

  /** The count of each item. */
  draw(uniforms: Uniforms): Float64Array {
    const counts = new Float64Array(this.#weightOf.length);
    const chances = this.#chances;
    for (let k = 0; k < counts.length; k++) counts[k] = chances[i32At(this.#weightOf, k)]?.draw(uniforms) ?? 0;
    return counts;
  }

  /** Calls `add` with each weight and count, and the number of items that have both. */
  tally(uniforms: Uniforms, add: (number: number, count: number, items: number) => void): void {
    const chances = this.#chances;
    const isSmall = chances.length <= MAX_TALLIED;
    const small = new Uint32Array(isSmall ? chances.length * SMALL_COUNT : 0);
    const large = new Map<number, Map<number, number>>();
    for (let k = 0; k < this.#weightOf.length; k++) {
      const number = i32At(this.#weightOf, k);
      const count = chances[number]?.draw(uniforms);
      if (count === undefined) continue;
      if (isSmall && count < SMALL_COUNT) {
        const place = number * SMALL_COUNT + count;
        small[place] = u32At(small, place) + 1;
      } else {
        const own = large.get(number) ?? new Map<number, number>();
        large.set(number, own);
        own.set(count, (own.get(count) ?? 0) + 1);
      }
    }
    for (let number = 0; number < chances.length; number++) {
      for (let count = 0; isSmall && count < SMALL_COUNT; count++) {
        const items = u32At(small, number * SMALL_COUNT + count);
        if (items > 0) add(number, count, items);
      }
      large.get(number)?.forEach((items, count) => {
        add(number, count, items);
      });
    }
  }
}

/** Above this mean, the normal distribution is near enough. */
const LARGE_MEAN = 50;
/** Items are tallied by counts below this in an array, if they have at most that many different weights: 4 MB. */
const SMALL_COUNT = 256;
const MAX_TALLIED = 4096;
/**
 * A mean that is drawn more often has a table of where to look, with one place for each part of the uniform numbers.
 */
const FEW_DRAWS = 64;
const PARTS = 256;

/** Poisson counts with one mean. Sums of probabilities are computed once, as far as they are needed. */
class Poisson {
  /** Chance of at most `k`, by `k`. */
  #sums = new Float64Array(8);
  #known = 1;
  #probability: number;
  #draws = 0;
  /** The count for the smallest number of each part. Null: not computed yet. */
  #starts: Uint16Array | null = null;

  constructor(private readonly mean: number) {
    this.#probability = Math.exp(-mean);
    this.#sums[0] = this.#probability;
  }

  draw(uniforms: Uniforms): number {
    const { mean } = this;
    if (mean > LARGE_MEAN) {
      const normal = Math.sqrt(-2 * Math.log(1 - uniforms.next())) * Math.cos(2 * Math.PI * uniforms.next());
      return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
    }
    const u = uniforms.next();
    if (this.#starts === null) {
      if (this.#draws++ < FEW_DRAWS) return this.#count(u, 0);
      this.#starts = Uint16Array.from({ length: PARTS }, (_, part) => this.#count(part / PARTS, 0));
    }
    return this.#count(u, u16At(this.#starts, (u * PARTS) | 0));
  }

  /** The smallest count from `from` on whose chance of at most that count is above `u`. */
  #count(u: number, from: number): number {
    let count = from;
    for (;;) {
      for (; count < this.#known; count++) if (u < f64At(this.#sums, count)) return count;
      if (!(this.#probability > 0)) return this.#known - 1;
      this.#extend();
    }
  }

  #extend(): void {
    if (this.#known === this.#sums.length) {
      const more = new Float64Array(2 * this.#known);
      more.set(this.#sums);
      this.#sums = more;
    }
    this.#probability *= this.mean / this.#known;
    this.#sums[this.#known] = f64At(this.#sums, this.#known - 1) + this.#probability;
    this.#known++;
  }
}

/** Uniform numbers in [0, 1), multiples of 2^-32: a Weyl sequence through the finaliser of MurmurHash3. */
class Uniforms {
  // An array holds 32 bits without an object for each number.
  readonly #state: Int32Array;

  constructor(seed: number) {
    this.#state = Int32Array.of(Math.imul(seed + 1, 0x85ebca6b));
  }

  next(): number {
    const state = (i32At(this.#state, 0) + 0x9e3779b9) | 0;
    this.#state[0] = state;
    let h = state ^ (state >>> 16);
    h = Math.imul(h, 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
  }
}
