import { valueAt } from '../valueAt.ts';
import { twoSidedP } from './normalTail.ts';
import { Z99 } from './normalQuantile.ts';

/** Draws in a bin: observed, and expected from their probabilities. */
export interface ExpectedBin {
  readonly observed: number;
  readonly expected: number;
}

/** How far the draws are from their probabilities. */
export interface Departure {
  /** Index of the bin that differs most, in standard errors. */
  readonly bin: number;
  readonly z: number;
  /** Two-sided, multiplied by the number of bins (Bonferroni). */
  readonly p: number;
  /** Total variation distance: ½Σ|observed − expected|, as shares. */
  readonly variation: number;
  /** The `variation` that only one file in a hundred exceeds by chance. */
  readonly chance: number;
}

/**
 * Compares draws with their probabilities, bin by bin. Each of the `total` draws falls into a bin with the mean
 * probability of the bin. The binomial variance is an upper bound. Null without draws, or with fewer than two bins.
 */
export function departure(bins: readonly ExpectedBin[]): Departure | null {
  const total = bins.reduce((sum, { observed }) => sum + observed, 0);
  const mass = bins.reduce((sum, { expected }) => sum + expected, 0);
  if (total <= 0 || mass <= 0 || bins.length < 2) return null;
  const shares = bins.map(({ observed, expected }) => ({ observed: observed / total, share: expected / mass }));
  const errors = shares.map(({ share }) => Math.sqrt((share * (1 - share)) / total));
  let [bin, z] = [0, 0];
  for (const [k, { observed, share }] of shares.entries()) {
    const error = valueAt(errors, k);
    const score = error > 0 ? (observed - share) / error : observed === share ? 0 : Infinity;
    if (Math.abs(score) > Math.abs(z)) [bin, z] = [k, score];
  }
  // |observed − share| is half-normal. In standard errors, its mean is √(2/π) and its variance 1 − 2/π.
  const mean = errors.reduce((sum, error) => sum + error, 0) * Math.sqrt(2 / Math.PI);
  const variance = errors.reduce((sum, error) => sum + error * error, 0) * (1 - 2 / Math.PI);
  return {
    bin,
    z,
    p: Math.min(1, twoSidedP(z) * bins.length),
    variation: shares.reduce((sum, { observed, share }) => sum + Math.abs(observed - share), 0) / 2,
    chance: (mean + Z99 * Math.sqrt(variance)) / 2,
  };
}
