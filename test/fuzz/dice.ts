import seedrandom from 'seedrandom';

/** Reproducible random choices: equal seeds give equal choices. */
export class Dice {
  readonly #next: () => number;

  constructor(seed: string) {
    this.#next = seedrandom(seed);
  }

  /** An integer from 0 to `count` − 1. */
  below(count: number): number {
    return Math.floor(this.#next() * count);
  }

  chance(probability: number): boolean {
    return this.#next() < probability;
  }

  /** @throws RangeError for an empty list */
  pick<T>(list: readonly T[]): T {
    const index = this.below(list.length);
    const chosen = list[index];
    if (chosen === undefined && index >= list.length) throw new RangeError('nothing to pick from');
    return chosen as T;
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.below(256));
  }
}
