import { jsDivergence, type Weights } from './jsDivergence.ts';

/** Divergences below this many bits are rounding: there is no bias that could be removed. */
const NO_BIAS = 1e-12;

/**
 * How much of the sample selection bias of exposures negatives take away: 1 − JS(negatives, input) / JS(exposures, input). 1: distributed as what the stage
 * meets; 0: no better than exposures; below 0: worse. Distributions over the same items: `input` is what the stage meets (recall: the
 * corpus; coarse ranking: candidates). Null where one of them is empty, or exposures have no bias.
 */
export function biasRemoved(negatives: Weights, exposures: Weights, input: Weights): number | null {
  const biased = jsDivergence(exposures, input);
  const left = jsDivergence(negatives, input);
  return biased === null || left === null || biased < NO_BIAS ? null : 1 - left / biased;
}
