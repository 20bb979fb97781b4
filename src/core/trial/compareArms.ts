import { valueAt } from '../valueAt.ts';
import { quantile, studentLimit } from './quantile.ts';
import type { TrialDifference, TrialMeasurement, TrialPair, TrialReport, TrialWord } from './report.ts';
import { resamples, Resampling } from './resampling.ts';
import { trialMetrics, type TrialMetric } from './trialMetrics.ts';

/**
 * The level of the intervals: 95 % for all comparisons with one reference together (Bonferroni), so that among `arms`
 * equal configs one of them seems to differ in a metric in at most 5 % of trials.
 */
export function intervalLevel(arms: number): number {
  return arms < 3 ? 0.95 : 1 - 0.05 / (arms - 1);
}

/**
 * All pairs of arms, in all metrics that both have.
 * @param key of the resamples
 */
export function compareArms(measured: TrialMeasurement, key: string, level: number): TrialPair[] {
  const { arms } = measured;
  const one = Object.values(arms[0]?.byUser ?? {})[0];
  const resampling = one ? new Resampling(key, valueAt(one, 0).length, one.length) : null;
  return arms.flatMap((_, reference) =>
    arms.slice(reference + 1).map((__, offset): TrialPair => {
      const arm = reference + 1 + offset;
      const differences = trialMetrics.flatMap((metric) => {
        const found = differenceOf(metric, measured, arm, reference, level, resampling);
        return found ? [found] : [];
      });
      return { reference, arm, differences };
    }),
  );
}

/** The pair of two arms, whichever of them is the reference. */
export function pairOf({ pairs }: Pick<TrialReport, 'pairs'>, arm: number, reference: number): TrialPair {
  const found = pairs.find(
    (pair) => pair.arm === Math.max(arm, reference) && pair.reference === Math.min(arm, reference),
  );
  if (!found) throw new RangeError(`There is no pair of the arms ${arm} and ${reference}`);
  return arm > reference ? found : { arm, reference, differences: found.differences.map(turned) };
}

const opposite: Readonly<Record<TrialWord, TrialWord>> = {
  higher: 'lower',
  lower: 'higher',
  no_clear_difference: 'no_clear_difference',
  no_verdict: 'no_verdict',
};

function turned({ metric, difference, low, high, detectable, word }: TrialDifference): TrialDifference {
  return {
    metric,
    difference: negative(difference),
    low: negative(high),
    high: negative(low),
    detectable,
    word: opposite[word],
  };
}

/** Not −0, which a report would show. */
const negative = (value: number | null): number | null => (value === null ? null : 0 - value);

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
    return a && b ? overSeeds(id, a, b, level) : null;
  }
  const [a, b] = [valueAt(arms, arm).byUser[id], valueAt(arms, reference).byUser[id]];
  if (!a || !b || !resampling) return null;
  const { mean, resampled } = resampling.differences(a, b, weights[id]);
  // If most resamples have no user with a value, the rest says little.
  if (mean === null || resampled.length < resamples / 2) return judged(id, mean, null, null);
  const outside = (1 - level) / 2;
  return judged(id, mean, quantile(resampled, outside), quantile(resampled, 1 - outside));
}

/** Metrics of all lists have one value for each seed: Student's interval of the paired differences. */
function overSeeds(id: TrialMetric['id'], a: readonly number[], b: readonly number[], level: number): TrialDifference {
  const differences = a.map((value, seed) => value - valueAt(b, seed));
  const count = differences.length;
  const mean = differences.reduce((sum, value) => sum + value, 0) / count;
  if (count < 2) return judged(id, mean, null, null);
  const variance = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  const half = studentLimit(level, count - 1) * Math.sqrt(variance / count);
  return judged(id, mean, mean - half, mean + half);
}

function judged(
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
