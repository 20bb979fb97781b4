import { jsDivergence, type Weights } from './jsDivergence.ts';

/** A divergence below this many bits is rounding error: there is no bias to remove. */
const NO_BIAS = 1e-12;

/**
 * Share of the exposures' sample selection bias that the negatives remove: 1 − JS(negatives, input) / JS(exposures,
 * input).
 * At 1, negatives are distributed like the input of the stage. At 0, they are no better than exposures; below 0, worse.
 * All distributions are over the same items. `input` is what the stage receives (recall: the corpus; coarse ranking:
 * candidates).
 * @returns null if a distribution is empty or the exposures have no bias
 */
export function biasRemoved(negatives: Weights, exposures: Weights, input: Weights): number | null {
  const biased = jsDivergence(exposures, input);
  const left = jsDivergence(negatives, input);
  return biased === null || left === null || biased < NO_BIAS ? null : 1 - left / biased;
}
