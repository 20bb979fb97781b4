/**
 * Upper bounds of the probability that a count deviates by chance (Chernoff). They also hold for draws without
 * replacement, because these are negatively associated (Dubhashi and Ranjan, BRICS 1996).
 */

/**
 * At most `count` events, with `expected` independent events on average: e^(count − expected) (expected/count)^count.
 */
export function atMostP(count: number, expected: number): number {
  if (count >= expected) return 1;
  return Math.exp(count - expected + (count === 0 ? 0 : count * Math.log(expected / count)));
}

/** At least `count` of `draws`, each with a probability of at most `share`: exp(−draws · KL(count / draws, share)). */
export function atLeastP(count: number, draws: number, share: number): number {
  const observed = draws === 0 ? 0 : count / draws;
  if (observed <= share) return 1;
  if (share === 0) return 0;
  const failureTerm = observed === 1 ? 0 : (1 - observed) * Math.log((1 - observed) / (1 - share));
  return Math.exp(-draws * (observed * Math.log(observed / share) + failureTerm));
}
