import { seeded, type SeededGenerator } from '../../src/core/sampling/rng.ts';

/** Random choices of one seed: the same text gives the same choices. */
export class Dice {
  readonly #generator: SeededGenerator;

  constructor(seed: string) {
    this.#generator = seeded(seed);
  }

  unit(): number {
    return this.#generator.double();
  }

  /** An integer from `from` to `to`, both inclusive. */
  whole(from: number, to: number): number {
    return from + Math.floor(this.unit() * (to - from + 1));
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  pick<T>(list: readonly T[]): T {
    const one = list[this.whole(0, list.length - 1)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  }

  /** `count` distinct elements in random order; all elements if there are fewer. */
  some<T>(list: readonly T[], count: number): T[] {
    return this.shuffled(list).slice(0, count);
  }

  shuffled<T>(list: readonly T[]): T[] {
    const rest = [...list];
    for (let k = rest.length - 1; k > 0; k--) {
      const other = this.whole(0, k);
      [rest[k], rest[other]] = [rest[other] as T, rest[k] as T];
    }
    return rest;
  }
}
