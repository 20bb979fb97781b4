// A made trial for tests of reports and of the panel: numbers of a plausible size, without training anything.
import { BulkGenerator } from '../src/core/sampling/rng.ts';
import { finishTrial } from '../src/core/trial/finishTrial.ts';
import type { ArmMeasurement, TrialFacts, TrialMeasurement, TrialReport } from '../src/core/trial/report.ts';
import { trialMetrics } from '../src/core/trial/trialMetrics.ts';
import { message } from '../src/core/message/message.ts';

export interface MadeTrial {
  readonly names?: readonly string[];
  readonly seeds?: number;
  readonly users?: number;
  /** NDCG of items ranked by popularity. */
  readonly popularityNdcg?: number;
  /** Added to the values of a metric, by arm and metric. */
  readonly shifts?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly facts?: Partial<TrialFacts>;
}

const levels: Readonly<Record<string, number>> = {
  ndcg: 0.0412,
  recall_20: 0.0838,
  recall_100: 0.1873,
  recall_head: 0.262,
  recall_middle: 0.176,
  recall_tail: 0.124,
  mrr: 0.0307,
  gauc: 0.6218,
  coverage: 0.314,
  gini: 0.81,
  head_share: 0.41,
  never_clicked: 0.06,
  never_trained: 0.002,
};

export const usualShifts: NonNullable<MadeTrial['shifts']> = {
  summer: {
    ndcg: 0.0009,
    recall_100: -0.002,
    recall_head: 0.0105,
    recall_middle: -0.005,
    recall_tail: -0.0113,
    gauc: 0.002,
    coverage: -0.042,
  },
  'cold-start': {
    ndcg: -0.0038,
    recall_100: 0.0012,
    recall_head: -0.016,
    recall_middle: 0.004,
    recall_tail: 0.0158,
    gauc: -0.0077,
    coverage: 0.098,
  },
};

export function madeFacts(names: readonly string[], seeds: number, more: Partial<TrialFacts> = {}): TrialFacts {
  return {
    version: '0.1.0',
    stage: 'recall',
    loss: 'sampled_softmax',
    data: { impressions: 'sha256:1f0c', items: 'sha256:77ab' },
    seed: 'spring-2026',
    hide: 'clicked',
    windows: {
      train: { from: '2026-02-14', to: '2026-03-14' },
      tune: { from: '2026-03-10', to: '2026-03-14' },
      eval: { from: '2026-03-14', to: '2026-03-21' },
    },
    constants: { dim: 32, learningRate: 0.05, epochs: [2, 4, 7, 12, 20] },
    population: {
      trainPositives: 1_864_207,
      usedPositives: 200_000,
      trainUsers: 96_118,
      usedUsers: 10_312,
      cap: 200_000,
      warmUsers: 18_204,
      corpus: 51_204,
      evalPositives: 74_310,
      invisible: { newUser: 6_120, newItem: 2_410, notInCorpus: 684 },
      passedColumns: 11,
    },
    slice: null,
    earlierConfigs: 0,
    arms: names.map((name, arm) => ({
      name,
      config: `${name}.ratio.yaml`,
      varied: null,
      digest: `sha256:${String(arm).repeat(8)}`,
      negatives: 'drawn',
      logq: true,
      epochs: arm === 2 ? 12 : 7,
      tuned: [2, 4, 7, 12, 20].map((epochs) => ({ epochs, ndcg: 0.03 + 0.01 * Math.exp(-((epochs - 8) ** 2) / 40) })),
      loss: Array.from({ length: seeds }, (_, seed) =>
        Array.from(
          { length: arm === 2 ? 12 : 7 },
          (__, epoch) => 2.4 * Math.exp(-epoch / (4 + arm)) + 0.6 + seed / 500,
        ),
      ),
      runs: Array.from({ length: seeds }, (_, seed) => ({
        seed: `spring-2026/trial/${seed}`,
        groups: 199_874 - arm,
        rows: 1_998_204 - arm * 4_000 + seed,
        shortfall: 1_796 + arm * 800 - seed,
        groupsWithoutRows: 12,
        groupsWithoutLogQ: 114,
      })),
    })),
    notes: [],
    ...more,
  };
}

/** Values of users that all arms share, with a shift and an effect of each user for each arm. */
export function madeMeasurement(
  names: readonly string[],
  { seeds = 5, users = 60, popularityNdcg = 0.0214, shifts = usualShifts }: MadeTrial,
): TrialMeasurement {
  const arm = (name: string, shiftOf: Readonly<Record<string, number>>, count: number): ArmMeasurement => {
    const noise = new BulkGenerator(`noise/${name}`);
    const byUser: Record<string, Float64Array[]> = {};
    const byLists: Record<string, number[]> = {};
    for (const { id, by } of trialMetrics) {
      const level = levels[id];
      if (level === undefined) continue;
      const shift = shiftOf[id] ?? 0;
      if (by === 'lists')
        byLists[id] = Array.from({ length: count }, () => level + shift + (noise.unit() - 0.5) * 0.006);
      else
        byUser[id] = Array.from({ length: count }, () => {
          const shared = new BulkGenerator(`users/${id}`);
          const own = new BulkGenerator(`own/${name}/${id}`);
          return Float64Array.from(
            { length: users },
            () => level * (0.4 + 1.2 * shared.unit()) + shift + (own.unit() - 0.5) * 0.02,
          );
        });
    }
    return { byUser, byLists };
  };
  return {
    arms: names.map((name) => arm(name, shifts[name] ?? {}, seeds)),
    popularity: arm('popularity', { ndcg: popularityNdcg - 0.0412 }, 1),
    weights: { gauc: Float64Array.from({ length: users }, (_, user) => 1 + (user % 3)) },
  };
}

export function madeTrial(made: MadeTrial = {}): TrialReport {
  const { names = ['spring', 'summer', 'cold-start'], seeds = 5, facts = {} } = made;
  return finishTrial(madeFacts(names, seeds, facts), madeMeasurement(names, { ...made, seeds }));
}

/** Everything that can go wrong at once: a log that repeats what was shown, few users, names that are markup. */
export function hostileTrial(): TrialReport {
  const names = ['<b>a</b>\u001B[31m', 'b'];
  return madeTrial({
    names,
    seeds: 1,
    popularityNdcg: 0.045,
    shifts: { b: { never_trained: 0.4, ndcg: 0.01, gauc: -0.05 } },
    facts: {
      population: {
        ...madeFacts(names, 1).population,
        warmUsers: 41,
        evalPositives: 900,
        invisible: { newUser: 300, newItem: 180, notInCorpus: 0 },
      },
      notes: [message('In-batch negatives: batches of {0}', 256)],
    },
  });
}
