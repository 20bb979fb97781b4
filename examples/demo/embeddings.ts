import { BulkGenerator } from '../../src/core/sampling/rng.ts';
import type { Items } from './items.ts';
import { categories, cities } from './places.ts';

/**
 * Item embeddings: a direction of the city, one of the category and noise, scaled to length 1 and rounded to multiples
 * of
 * 1/512, which are exact floats.
 */
export class Embeddings {
  readonly #cities: Float64Array[];
  readonly #categories: Float64Array[];
  readonly #random: BulkGenerator;

  constructor(
    readonly items: Items,
    readonly dimensions: number,
    seed: string,
  ) {
    this.#random = new BulkGenerator(`${seed}/embeddings`);
    this.#cities = cities.map(() => this.#direction());
    this.#categories = categories.map(() => this.#direction());
  }

  /** Writes the vector of the next item; to be called for items 0, 1, 2, … in order. */
  write(item: number, target: Float32Array, offset: number): void {
    const city = this.#cities[this.items.city[item] ?? 0];
    const category = this.#categories[this.items.category[item] ?? 0];
    const own = this.#direction();
    let square = 0;
    for (let k = 0; k < this.dimensions; k++) {
      const value = (city?.[k] ?? 0) + 0.7 * (category?.[k] ?? 0) + 0.8 * (own[k] ?? 0);
      own[k] = value;
      square += value * value;
    }
    const norm = Math.sqrt(square);
    for (let k = 0; k < this.dimensions; k++) target[offset + k] = Math.floor(((own[k] ?? 0) / norm) * 512 + 0.5) / 512;
  }

  #direction(): Float64Array {
    const vector = new Float64Array(this.dimensions);
    // The sum of three uniforms is close enough to a normal draw.
    for (let k = 0; k < this.dimensions; k++)
      vector[k] = this.#random.unit() + this.#random.unit() + this.#random.unit() - 1.5;
    return vector;
  }
}
