import { valueAt } from '../valueAt.ts';
import type { TrialFacts, TrialGate, TrialGateFigure, TrialPair, TrialValue } from './report.ts';
import type { TrialMetricId } from './trialMetrics.ts';

/** Limits of the gates. `docs/trial.md` has the evidence for each. */
export const gateLimits = {
  /** Largest ratio: NDCG of items ranked by popularity ÷ NDCG of the best config. */
  popularityRatio: 0.8,
  /** Fewest users with positives in train and in eval. */
  warmUsers: 100,
  /** Fewest eval positives that the probe can rank. */
  visiblePositives: 1000,
  /** Largest share of the eval positives that the probe cannot rank. */
  invisible: 0.4,
  /** Largest share of never-trained items in the lists. */
  neverTrained: 0.1,
  /** Fewest positives of the randomly exposed slice. */
  slicePositives: 600,
} as const;

/** The input of all gates. `values`: by arm. */
export interface GateInput {
  readonly facts: Pick<TrialFacts, 'population' | 'arms'>;
  readonly values: readonly (readonly TrialValue[])[];
  readonly popularity: readonly TrialValue[];
  readonly pairs: readonly TrialPair[];
}

/** All gates in the order of reports: a gate that withholds more verdicts comes first. */
export function trialGates(input: GateInput): TrialGate[] {
  return [popularityGate(input), sizeGate(input), agreementGate(input), visibilityGate(input), reachGate(input)];
}

export const meanOf = (values: readonly TrialValue[], metric: TrialMetricId): number | null =>
  values.find((value) => value.metric === metric)?.mean ?? null;

/** Eval positives that the probe can rank. */
export function visiblePositives({ evalPositives, invisible }: TrialFacts['population']): number {
  return evalPositives - invisible.newUser - invisible.newItem - invisible.notInCorpus;
}

/**
 * Fires if a ranking that ignores the user is nearly as good as the probe: logged clicks mostly repeat what was shown.
 */
function popularityGate({ values, popularity: baseline }: GateInput): TrialGate {
  const best = Math.max(0, ...values.map((armValues) => meanOf(armValues, 'ndcg') ?? 0));
  const value = best === 0 ? null : (meanOf(baseline, 'ndcg') ?? 0) / best;
  return gate('popularity', 'no_verdict', [atMost('popularity_ratio', value, gateLimits.popularityRatio)]);
}

function sizeGate({ facts: { population } }: GateInput): TrialGate {
  return gate('size', 'no_verdict', [
    atLeast('warm_users', population.warmUsers, gateLimits.warmUsers),
    atLeast('visible_positives', visiblePositives(population), gateLimits.visiblePositives),
  ]);
}

/** Fires for pairs whose NDCG and GAUC clearly differ in opposite directions. */
function agreementGate({ pairs }: GateInput): TrialGate {
  const wordOf = (pair: TrialPair, metric: TrialMetricId): string | undefined =>
    pair.differences.find((difference) => difference.metric === metric)?.word;
  const conflicting = pairs.filter((pair) => {
    const words = [wordOf(pair, 'ndcg'), wordOf(pair, 'gauc')];
    return words.includes('higher') && words.includes('lower');
  });
  return {
    ...gate('agreement', 'no_verdict_on_pairs', [
      atLeast('agreeing_pairs', pairs.length - conflicting.length, pairs.length),
    ]),
    pairs: conflicting.map(({ reference, arm }) => [reference, arm]),
  };
}

function visibilityGate({ facts: { population } }: GateInput): TrialGate {
  const { evalPositives } = population;
  const value = evalPositives === 0 ? null : 1 - visiblePositives(population) / evalPositives;
  return gate('visibility', 'warning', [atMost('invisible', value, gateLimits.invisible)]);
}

/** Fires for configs whose lists contain many items that none of their training rows has. */
function reachGate({ values }: GateInput): TrialGate {
  const shares = values.map((armValues) => meanOf(armValues, 'never_trained') ?? 0);
  return {
    ...gate('reach', 'warning', [atMost('never_trained', Math.max(0, ...shares), gateLimits.neverTrained)]),
    arms: shares.flatMap((share, arm) => (share > gateLimits.neverTrained ? [arm] : [])),
  };
}

function gate(id: TrialGate['id'], effect: TrialGate['effect'], figures: readonly TrialGateFigure[]): TrialGate {
  return { id, fired: figures.some(({ holds }) => !holds), effect, figures, arms: [], pairs: [] };
}

function atMost(name: TrialGateFigure['name'], value: number | null, limit: number): TrialGateFigure {
  return { name, value, limit, relation: 'at_most', holds: value !== null && value <= limit };
}

function atLeast(name: TrialGateFigure['name'], value: number, limit: number): TrialGateFigure {
  return { name, value, limit, relation: 'at_least', holds: value >= limit };
}

/** True if a fired gate withholds the verdict about a metric of a pair. */
export function isWithheld(
  metric: TrialMetricId,
  { reference, arm }: Pick<TrialPair, 'reference' | 'arm'>,
  gates: readonly TrialGate[],
  slice: TrialFacts['slice'],
): boolean {
  // The slice was exposed at random, so popularity does not bias its clicks. It has minima of its own.
  if (metric === 'slice_recall')
    return !slice || slice.positives < gateLimits.slicePositives || slice.users < gateLimits.warmUsers;
  return gates.some(
    ({ fired, effect, pairs }) =>
      fired &&
      (effect === 'no_verdict' ||
        (effect === 'no_verdict_on_pairs' &&
          pairs.some((pair) => valueAt(pair, 0) === reference && valueAt(pair, 1) === arm))),
  );
}
