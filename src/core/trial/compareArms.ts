import { valueAt } from '../valueAt.ts';
import { quantile, studentLimit } from './quantile.ts';
import type { TrialDifference, TrialMeasurement, TrialPair, TrialReport, TrialWord } from './report.ts';
import { resamples, Resampling } from './resampling.ts';
import { trialMetrics, type TrialMetric } from './trialMetrics.ts';

/**
 * Confidence level of each interval. It is 95 % for all comparisons with one reference together (Bonferroni): with
 * `arms` equal configs, at most 5 % of trials find a difference in a metric.
 */
export function intervalLevel(arms: number): number {
  return arms < 3 ? 0.95 : 1 - 0.05 / (arms - 1);
}

/**
 * Compares every pair of arms in each metric that both arms have.
 * @param key seed of the resamples: equal keys give equal intervals
 * @param level confidence level of an interval, such as 0.95
 */
export function compareArms(measured: TrialMeasurement, key: string, level: number): TrialPair[] {
  const { arms } = measured;
  const valuesBySeed = Object.values(arms[0]?.byUser ?? {})[0];
  const resampling = valuesBySeed ? new Resampling(key, valueAt(valuesBySeed, 0).length, valuesBySeed.length) : null;
  return arms.flatMap((_, reference) =>
    arms.slice(reference + 1).map((__, offset): TrialPair => {
      const arm = reference + 1 + offset;
      const differences = trialMetrics.flatMap((metric) => {
        const difference = differenceOf(metric, measured, arm, reference, level, resampling);
        return difference ? [difference] : [];
      });
      return { reference, arm, differences };
    }),
  );
}

/** The pair of two arms. If it is stored with the arms swapped, its differences are negated. */
export function pairOf({ pairs }: Pick<TrialReport, 'pairs'>, arm: number, reference: number): TrialPair {
  const stored = pairs.find(
    (pair) => pair.arm === Math.max(arm, reference) && pair.reference === Math.min(arm, reference),
  );
  if (!stored) throw new RangeError(`There is no pair of the arms ${arm} and ${reference}`);
  return arm > reference ? stored : { arm, reference, differences: stored.differences.map(reversed) };
}

const opposite: Readonly<Record<TrialWord, TrialWord>> = {
  higher: 'lower',
  lower: 'higher',
  no_clear_difference: 'no_clear_difference',
  no_verdict: 'no_verdict',
};

function reversed({ metric, difference, low, high, detectable, word }: TrialDifference): TrialDifference {
  return {
    metric,
    difference: negated(difference),
    low: negated(high),
    high: negated(low),
    detectable,
    word: opposite[word],
  };
}

/** Returns 0, not −0, for 0: a report would show the sign. */
const negated = (value: number | null): number | null => (value === null ? null : 0 - value);

function differenceOf(
  { id, by }: TrialMetric,
  { arms, weights }: TrialMeasurement,
  arm: number,
  reference: number,
  level: number,
  resampling: Resampling | null,
): TrialDifference | null {
  if (by === 'lists') {
    const [a, b] = [valueAt(arms, arm).byLists[id], valueAt(arms, reference).byLists[id]];
    return a && b ? differenceOverSeeds(id, a, b, level) : null;
  }
  const [a, b] = [valueAt(arms, arm).byUser[id], valueAt(arms, reference).byUser[id]];
  if (!a || !b || !resampling) return null;
  const { mean, resampled } = resampling.differences(a, b, weights[id]);
  // With a value in fewer than half of the resamples, there is no reliable interval.
  if (mean === null || resampled.length < resamples / 2) return judge(id, mean, null, null);
  const tail = (1 - level) / 2;
  return judge(id, mean, quantile(resampled, tail), quantile(resampled, 1 - tail));
}

/** Metrics of all lists have one value for each seed: Student's interval of the paired differences. */
function differenceOverSeeds(
  id: TrialMetric['id'],
  a: readonly number[],
  b: readonly number[],
  level: number,
): TrialDifference {
  const differences = a.map((value, seed) => value - valueAt(b, seed));
  const count = differences.length;
  const mean = differences.reduce((sum, value) => sum + value, 0) / count;
  if (count < 2) return judge(id, mean, null, null);
  const variance = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  const halfWidth = studentLimit(level, count - 1) * Math.sqrt(variance / count);
  return judge(id, mean, mean - halfWidth, mean + halfWidth);
}

function judge(
  metric: TrialMetric['id'],
  difference: number | null,
  low: number | null,
  high: number | null,
): TrialDifference {
  if (low === null || high === null)
    return { metric, difference, low: null, high: null, detectable: null, word: 'no_verdict' };
  const word = low > 0 ? 'higher' : high < 0 ? 'lower' : 'no_clear_difference';
  return { metric, difference, low, high, detectable: (high - low) / 2, word };
}
