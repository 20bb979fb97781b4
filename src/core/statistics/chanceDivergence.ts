import { f64At, i32At, u16At, u32At } from '../valueAt.ts';
import { sumOf } from './itemCounts.ts';
import { jsDivergence } from './jsDivergence.ts';

/**
 * JS divergence, in bits, between a distribution and a random sample of it: what a sample shows by chance. The counts
 * of a sample are independent Poisson variables with mean `size` × share, so a sample has `size` rows on average.
 */
export class ChanceDivergence {
  readonly #samples: ChanceSamples;

  constructor(
    input: Float64Array,
    private readonly size: number,
  ) {
    this.#samples = new ChanceSamples(input, size);
  }

  /** Equal seeds give equal results. Null if no item has weight. */
  divergence(seed: number): number | null {
    const { weights } = this.#samples;
    if (weights.length === 0 || this.size === 0) return null;
    const [sampled, input]: [number[], number[]] = [[], []];
    // Items with the same weight and the same count contribute like one item with their sums.
    this.#samples.tally(new Uniforms(seed), (number, count, items) => {
      sampled.push(items * count);
      input.push(items * f64At(weights, number));
    });
    return jsDivergence(sampled, input);
  }
}

/**
 * JS divergence, in bits, between two random samples of one distribution, with `sizes` rows: what two samples differ by
 * chance. Poisson counts as in `ChanceDivergence`. Null if no item has weight.
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
 * JS divergence, in bits, between a distribution (`reference`) and a random sample of another (`input`). It contains
 * both the distance of the two and what a sample of `size` rows adds by chance. Poisson counts as in
 * `ChanceDivergence`.
 */
export class SampledDistance {
  readonly #samples: ChanceSamples;

  constructor(
    input: Float64Array,
    private readonly size: number,
    private readonly reference: Float64Array,
  ) {
    this.#samples = new ChanceSamples(input, size);
  }

  /** Equal seeds give equal results. Null if nothing is drawn. */
  distance(seed: number): number | null {
    if (this.#samples.weights.length === 0 || this.size === 0) return null;
    return jsDivergence(this.#samples.draw(new Uniforms(seed)), this.reference);
  }
}

/**
 * Draws the item counts of random samples. Items of equal weight share one Poisson distribution, and so do the samples.
 */
class ChanceSamples {
  /** The different weights above 0. */
  readonly weights: Float64Array;
  /** For each item, the index of its weight in `weights`; -1 without weight. */
  readonly #weightOf: Int32Array;
  readonly #distributions: readonly Poisson[];

  constructor(input: Float64Array, size: number) {
    const total = sumOf(input);
    const indexOfWeight = new Map<number, number>();
    this.#weightOf = new Int32Array(input.length).fill(-1);
    for (let k = 0; k < input.length; k++) {
      const weight = f64At(input, k);
      if (!(weight > 0)) continue;
      let index = indexOfWeight.get(weight);
      if (index === undefined) indexOfWeight.set(weight, (index = indexOfWeight.size));
      this.#weightOf[k] = index;
    }
    this.weights = Float64Array.from(indexOfWeight.keys());
    this.#distributions = Array.from(this.weights, (weight) => new Poisson((size * weight) / total));
  }

  /** The count of each item. */
  draw(uniforms: Uniforms): Float64Array {
    const counts = new Float64Array(this.#weightOf.length);
    const chances = this.#distributions;
    for (let k = 0; k < counts.length; k++) counts[k] = chances[i32At(this.#weightOf, k)]?.draw(uniforms) ?? 0;
    return counts;
  }

  /** Calls `add` for each pair of weight and count that occurs, with the number of its items. */
  tally(uniforms: Uniforms, add: (number: number, count: number, items: number) => void): void {
    const chances = this.#distributions;
    const isSmall = chances.length <= MAX_TALLIED;
    const small = new Uint32Array(isSmall ? chances.length * SMALL_COUNT : 0);
    const large = new Map<number, Map<number, number>>();
    for (let k = 0; k < this.#weightOf.length; k++) {
      const index = i32At(this.#weightOf, k);
      const count = chances[index]?.draw(uniforms);
      if (count === undefined) continue;
      if (isSmall && count < SMALL_COUNT) {
        const cell = index * SMALL_COUNT + count;
        small[cell] = u32At(small, cell) + 1;
      } else {
        const itemsByCount = large.get(index) ?? new Map<number, number>();
        large.set(index, itemsByCount);
        itemsByCount.set(count, (itemsByCount.get(count) ?? 0) + 1);
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

/** Above this mean, a normal distribution approximates the Poisson distribution well enough. */
const LARGE_MEAN = 50;
/** Counts below SMALL_COUNT are tallied in an array if there are at most MAX_TALLIED different weights: 4 MB. */
const SMALL_COUNT = 256;
const MAX_TALLIED = 4096;
/** After FEW_DRAWS draws, a table says for PARTS ranges of the uniform number where the search for the count begins. */
const FEW_DRAWS = 64;
const PARTS = 256;

/** A Poisson distribution. Cumulative probabilities are computed once, up to the largest count that was needed. */
class Poisson {
  /** Probability of at most `k`, by `k`. */
  #cumulative = new Float64Array(8);
  #computed = 1;
  #probability: number;
  #draws = 0;
  /** The count for the smallest number of each range. Null: not computed yet. */
  #firstCounts: Uint16Array | null = null;

  constructor(private readonly mean: number) {
    this.#probability = Math.exp(-mean);
    this.#cumulative[0] = this.#probability;
  }

  draw(uniforms: Uniforms): number {
    const { mean } = this;
    if (mean > LARGE_MEAN) {
      const normal = Math.sqrt(-2 * Math.log(1 - uniforms.next())) * Math.cos(2 * Math.PI * uniforms.next());
      return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
    }
    const u = uniforms.next();
    if (this.#firstCounts === null) {
      if (this.#draws++ < FEW_DRAWS) return this.#count(u, 0);
      this.#firstCounts = Uint16Array.from({ length: PARTS }, (_, part) => this.#count(part / PARTS, 0));
    }
    return this.#count(u, u16At(this.#firstCounts, (u * PARTS) | 0));
  }

  /** The smallest count, from `from` on, whose cumulative probability is above `u`. */
  #count(u: number, from: number): number {
    let count = from;
    for (;;) {
      for (; count < this.#computed; count++) if (u < f64At(this.#cumulative, count)) return count;
      if (!(this.#probability > 0)) return this.#computed - 1;
      this.#extend();
    }
  }

  #extend(): void {
    if (this.#computed === this.#cumulative.length) {
      const extended = new Float64Array(2 * this.#computed);
      extended.set(this.#cumulative);
      this.#cumulative = extended;
    }
    this.#probability *= this.mean / this.#computed;
    this.#cumulative[this.#computed] = f64At(this.#cumulative, this.#computed - 1) + this.#probability;
    this.#computed++;
  }
}

/** Uniform numbers in [0, 1), multiples of 2^-32: a Weyl sequence through the finalizer of MurmurHash3. */
class Uniforms {
  // In a typed array, because a field with 32 bits would allocate an object for each number.
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
