import type { BulkGenerator } from '../../src/core/sampling/rng.ts';

/** Number of hidden traits of a user or an item. */
export const traitCount = 8;

/**
 * Hidden traits: what users like and what items are, beyond city and category. No column shows them; a model learns
 * them from clicks. `traitCount` values an entry, each with mean 0 and variance 1/4.
 */
export class Traits {
  readonly values: Float32Array;

  constructor(count: number, random: BulkGenerator) {
    this.values = new Float32Array(count * traitCount);
    // The sum of three uniforms is close enough to a normal draw.
    for (let k = 0; k < this.values.length; k++) this.values[k] = random.unit() + random.unit() + random.unit() - 1.5;
  }
}

/** How well an item suits a user by their traits: 0 to 3.3, on average about 1, above 2 for one pair of ten. */
export function affinity(users: Traits, user: number, items: Traits, item: number): number {
  let dot = 0;
  for (let k = 0; k < traitCount; k++)
    dot += (users.values[user * traitCount + k] ?? 0) * (items.values[item * traitCount + k] ?? 0);
  // Both steps are exact on every machine, which an exponential is not.
  const x = sharpness * dot;
  const bounded = 1 + x / (1 + Math.abs(x));
  return (bounded * bounded) / meanSquare;
}

const sharpness = 1.6;
/** Mean of the squares of `bounded`, so that the average is about 1. */
const meanSquare = 1.22;
