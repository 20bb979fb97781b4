import type { BulkGenerator } from '../../src/core/sampling/rng.ts';

/**
 * Weighted draws in constant time (Walker 1977, Vose 1991) from consecutive segments of one array of weights: a segment
 * is a
 * city's items, or a region's users. Two random words a draw.
 */
export class AliasTable {
  readonly #threshold: Float64Array;
  readonly #alias: Uint32Array;

  /** @param bounds first index of every segment, and the end of the last. Every segment needs a positive total. */
  constructor(weights: Float64Array, bounds: readonly number[]) {
    this.#threshold = new Float64Array(weights.length);
    this.#alias = new Uint32Array(weights.length);
    for (let s = 0; s + 1 < bounds.length; s++) this.#build(weights, bounds[s] ?? 0, bounds[s + 1] ?? 0);
  }

  #build(weights: Float64Array, from: number, to: number): void {
    let total = 0;
    for (let i = from; i < to; i++) total += weights[i] ?? 0;
    const threshold = this.#threshold;
    const light = new Uint32Array(to - from);
    const heavy = new Uint32Array(to - from);
    let lights = 0;
    let heavies = 0;
    for (let i = from; i < to; i++) {
      threshold[i] = ((weights[i] ?? 0) / total) * (to - from);
      this.#alias[i] = i;
      if ((threshold[i] ?? 0) < 1) light[lights++] = i;
      else heavy[heavies++] = i;
    }
    while (lights > 0 && heavies > 0) {
      const poor = light[--lights] ?? 0;
      const rich = heavy[heavies - 1] ?? 0;
      this.#alias[poor] = rich;
      const left = (threshold[rich] ?? 0) - (1 - (threshold[poor] ?? 0));
      threshold[rich] = left;
      if (left < 1) {
        heavies--;
        light[lights++] = rich;
      }
    }
    // What rounding has left over stands alone.
    while (lights > 0) threshold[light[--lights] ?? 0] = 1;
    while (heavies > 0) threshold[heavy[--heavies] ?? 0] = 1;
  }

  /** An index of [from, to), which must be a segment. */
  draw(random: BulkGenerator, from: number, to: number): number {
    const column = from + Math.floor(random.unit() * (to - from));
    return random.unit() < (this.#threshold[column] ?? 1) ? column : (this.#alias[column] ?? column);
  }
}
