import { message, type Message } from '../message/message.ts';
import { f64At } from '../valueAt.ts';
import { compareArms, intervalLevel } from './compareArms.ts';
import { isWithheld, trialGates } from './gates.ts';
import {
  trialFormat,
  type ArmMeasurement,
  type TrialFacts,
  type TrialMeasurement,
  type TrialReport,
  type TrialValue,
} from './report.ts';
import { trialMetrics } from './trialMetrics.ts';

/** The report of a trial: differences with intervals, gates, and the verdicts that no gate withholds. */
export function finishTrial(facts: TrialFacts, measured: TrialMeasurement): TrialReport {
  const values = measured.arms.map((arm) => valuesOf(arm, measured.weights));
  const popularity = valuesOf(measured.popularity, measured.weights);
  // Every config that was tried before on these clicks counts as one more comparison.
  const level = intervalLevel(measured.arms.length + facts.earlierConfigs);
  const compared = compareArms(measured, `${facts.seed}/trial/resamples`, level);
  const gates = trialGates({ facts, values, popularity, pairs: compared });
  const pairs = compared.map((pair) => ({
    ...pair,
    differences: pair.differences.map((difference) =>
      isWithheld(difference.metric, pair, gates, facts.slice)
        ? { ...difference, word: 'no_verdict' as const }
        : difference,
    ),
  }));
  const isOneSeed = facts.arms[0]?.runs.length === 1;
  return {
    format: trialFormat,
    ...facts,
    notes: [
      ...facts.notes,
      ...(facts.earlierConfigs === 0 ? [] : [earlierNote(facts.earlierConfigs)]),
      ...(isOneSeed ? [message('One seed: the intervals leave out the noise of drawing and training')] : []),
    ],
    level,
    values,
    popularity,
    pairs,
    gates,
  };
}

const earlierNote = (count: number): Message =>
  message(
    'Other configs that were compared on this eval window before: {0}. Intervals are wider for them; the best of many is partly luck',
    count,
  );

function valuesOf({ byUser, byLists }: ArmMeasurement, weights: TrialMeasurement['weights']): TrialValue[] {
  return trialMetrics.flatMap(({ id, by }): TrialValue[] => {
    const bySeed = by === 'lists' ? byLists[id] : byUser[id]?.map((users) => weightedMean(users, weights[id]));
    if (!bySeed) return [];
    const defined = bySeed.filter((value) => value !== null);
    const mean = defined.length === 0 ? null : defined.reduce((sum, value) => sum + value, 0) / defined.length;
    return [{ metric: id, mean, bySeed }];
  });
}

/** Mean over the users that have a value; null if no user has one. */
function weightedMean(values: Float64Array, weights: Float64Array | undefined): number | null {
  let [sum, total] = [0, 0];
  for (let user = 0; user < values.length; user++) {
    const value = f64At(values, user);
    if (Number.isNaN(value)) continue;
    const weight = weights === undefined ? 1 : f64At(weights, user);
    sum += weight * value;
    total += weight;
  }
  return total === 0 ? null : sum / total;
}
