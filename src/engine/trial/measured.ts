import { userMetrics, type RunMetrics } from '../../core/trial/evaluation.ts';
import { trialEpochs, type TrialLoss } from '../../core/trial/probe.ts';
import type { ArmMeasurement, TrialArm } from '../../core/trial/report.ts';
import { f64At, valueAt } from '../../core/valueAt.ts';
import type { AskedTrialArm } from '../../protocol/trialRequest.ts';
import type { RunResult } from './runs.ts';

/** The values of a config, by seed. */
export function armMeasurement(bySeed: readonly RunMetrics[], isSliced: boolean): ArmMeasurement {
  return {
    byUser: Object.fromEntries(
      userMetrics
        .filter((name) => name !== 'slice_recall' || isSliced)
        .map((name) => [name, bySeed.map(({ byUser }) => byUser[name])]),
    ),
    byLists: { coverage: bySeed.map(({ coverage }) => coverage), gini: bySeed.map(({ gini }) => gini) },
  };
}

/** Mean NDCG over users and seeds, by number of epochs. */
export function ndcgBy(results: readonly RunResult[]): { epochs: number; ndcg: number }[] {
  return trialEpochs.map((epochs, k) => {
    let [sum, count] = [0, 0];
    for (const { ndcg } of results) {
      const own = valueAt(ndcg, k);
      for (let user = 0; user < own.length; user++) sum += f64At(own, user);
      count += own.length;
    }
    return { epochs, ndcg: count === 0 ? 0 : sum / count };
  });
}

/** Figures of a config for the report. */
export function armOf(
  { plan, data: _data, ...named }: AskedTrialArm,
  loss: TrialLoss,
  { epochs, tuned }: Pick<TrialArm, 'epochs' | 'tuned'>,
  results: readonly RunResult[],
  seeds: readonly string[],
): TrialArm {
  return {
    ...named,
    negatives: plan.inBatch === null ? 'drawn' : plan.entries.length === 0 ? 'in_batch' : 'both',
    logq: plan.logq !== undefined && loss === 'sampled_softmax',
    epochs,
    tuned,
    loss: results.map((one) => one.loss),
    runs: results.map(({ drawn }, k) => ({
      seed: valueAt(seeds, k),
      groups: drawn.groups,
      rows: drawn.rows,
      shortfall: drawn.shortfall,
      groupsWithoutRows: drawn.withoutRows,
      groupsWithoutLogQ: drawn.withoutLogQ,
    })),
  };
}
