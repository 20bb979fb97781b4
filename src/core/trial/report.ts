import type { Message } from '../message/message.ts';
import type { TrialMetricId } from './trialMetrics.ts';

/** Version of the JSON format. It increases if an existing reader would misread the new JSON. */
export const trialFormat = 1;

/**
 * Items that are removed from a user's ranking: items that the user clicked in train, or all items exposed to the user.
 */
export type TrialHide = 'clicked' | 'exposed';

export interface TrialWindow {
  /** Days or instants as written in the config. `to` is exclusive. */
  readonly from: string | null;
  readonly to: string | null;
}

/** One config and its training. Counts are over the whole train window. */
export interface TrialArm {
  /** Unique in the report: the file name, or with `--vary` the value. */
  readonly name: string;
  readonly config: string;
  /** The path and value that `--vary` set; null without `--vary`. */
  readonly varied: { readonly path: string; readonly value: string } | null;
  /** Digest of the config text and of its plan. Equal digests draw equal rows. */
  readonly digest: string;
  readonly negatives: 'drawn' | 'in_batch' | 'both';
  /** True if `log_q_mix` is subtracted from the scores. */
  readonly logq: boolean;
  /** The number of epochs that was best on the tune window. */
  readonly epochs: number;
  /** Mean NDCG on the tune window over the seeds, by number of epochs. */
  readonly tuned: readonly { readonly epochs: number; readonly ndcg: number }[];
  /** Mean loss of a group for each seed, then for each epoch. */
  readonly loss: readonly (readonly number[])[];
  /** One run for each seed. */
  readonly runs: readonly TrialRun[];
}

/** The training data of one seed of a config. */
export interface TrialRun {
  readonly seed: string;
  readonly groups: number;
  /** Number of negatives. */
  readonly rows: number;
  /** Number of requested negatives that were not drawn. */
  readonly shortfall: number;
  /** Skipped groups: groups without negatives, and groups whose positive has no `log_q_mix`. */
  readonly groupsWithoutRows: number;
  readonly groupsWithoutLogQ: number;
}

/** The users and items that are evaluated. They are the same for every config. */
export interface TrialPopulation {
  /**
   * Positives in train, and the positives that were trained on. Users are used entirely or not, chosen by a keyed hash.
   */
  readonly trainPositives: number;
  readonly usedPositives: number;
  readonly trainUsers: number;
  readonly usedUsers: number;
  /** Largest number of positives that are trained on; null with `--all`. */
  readonly cap: number | null;
  /** Users with positives in train and in eval. */
  readonly warmUsers: number;
  /** Items that can be recommended at the start of eval. */
  readonly corpus: number;
  /** Positives in eval of the used users, and of users without positives in train. */
  readonly evalPositives: number;
  /** Eval positives that the probe cannot rank. Each counts under its first reason. */
  readonly invisible: {
    readonly newUser: number;
    readonly newItem: number;
    /** The item is not in the corpus at the start of eval, or it was removed from the ranking. */
    readonly notInCorpus: number;
  };
  /** Number of pass-through columns of the sample file, which the probe ignores. */
  readonly passedColumns: number;
}

/** The randomly exposed rows of `--eval-where`. */
export interface TrialSlice {
  readonly column: string;
  readonly value: string;
  readonly positives: number;
  readonly users: number;
  /** Length of the lists for the recall of the slice, in items. */
  readonly k: number;
}

/** Values of a metric; null if it is not defined, such as GAUC without exposures. */
export interface TrialValue {
  readonly metric: TrialMetricId;
  readonly mean: number | null;
  readonly bySeed: readonly (number | null)[];
}

/** Everything that is known about a trial before its differences get a verdict. */
export interface TrialFacts {
  /** Version of RecSample. */
  readonly version: string;
  readonly stage: 'recall';
  readonly loss: 'sampled_softmax' | 'pairwise';
  /** Digests of the data sets that were read, by name. */
  readonly data: Readonly<Record<string, string>>;
  readonly seed: string;
  readonly hide: TrialHide;
  readonly windows: { readonly train: TrialWindow; readonly tune: TrialWindow; readonly eval: TrialWindow };
  /** Constants of the probe, the evaluation, the statistics and the gates, by name. */
  readonly constants: Readonly<Record<string, number | readonly number[]>>;
  readonly population: TrialPopulation;
  readonly slice: TrialSlice | null;
  /** Number of other configs that earlier trials compared on the same data and evaluation window. */
  readonly earlierConfigs: number;
  readonly arms: readonly TrialArm[];
  /** Limitations that the reader must know, such as a batch that was capped. */
  readonly notes: readonly Message[];
}

/**
 * Values of the users. Each matrix has an array for each seed, with a value for each evaluated user. The users have the
 * same order for every arm. NaN: the metric is not defined for the user, whatever the arm and seed.
 */
export interface ArmMeasurement {
  readonly byUser: Readonly<Partial<Record<TrialMetricId, readonly Float64Array[]>>>;
  /** Metrics that the lists of all users have together: a value for each seed. */
  readonly byLists: Readonly<Partial<Record<TrialMetricId, readonly number[]>>>;
}

export interface TrialMeasurement {
  /** In the order of `TrialFacts.arms`. */
  readonly arms: readonly ArmMeasurement[];
  /** The same measurement for items ranked by their train positives; one seed. */
  readonly popularity: ArmMeasurement;
  /** Weights of the users in a mean, for metrics whose weights are not all 1: GAUC weighs users by their positives. */
  readonly weights: Readonly<Partial<Record<TrialMetricId, Float64Array>>>;
}

/** The verdict about a difference. `no_verdict`: a gate fired, or there is no interval. */
export type TrialWord = 'higher' | 'lower' | 'no_clear_difference' | 'no_verdict';

/** The metric of `arm` minus the metric of `reference`. Null: not defined, or without an interval. */
export interface TrialDifference {
  readonly metric: TrialMetricId;
  readonly difference: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Half the width of the interval: larger differences would be detected. */
  readonly detectable: number | null;
  readonly word: TrialWord;
}

/** Indexes in `arms`, with `arm` > `reference`; `pairOf` swaps the two. */
export interface TrialPair {
  readonly reference: number;
  readonly arm: number;
  readonly differences: readonly TrialDifference[];
}

export type TrialGateId = 'popularity' | 'agreement' | 'size' | 'visibility' | 'reach';

/** A figure of a gate and its limit. */
export interface TrialGateFigure {
  readonly name:
    | 'popularity_ratio'
    | 'agreeing_pairs'
    | 'warm_users'
    | 'visible_positives'
    | 'invisible'
    | 'never_trained';
  readonly value: number | null;
  readonly limit: number;
  readonly relation: 'at_most' | 'at_least';
  readonly holds: boolean;
}

/**
 * A condition for a verdict. `effect` if it fired: no verdict at all, no verdict for `pairs`, or a warning. `arms`,
 * `pairs`: the indexes for which it fired; empty if it is about the whole trial.
 */
export interface TrialGate {
  readonly id: TrialGateId;
  readonly fired: boolean;
  readonly effect: 'no_verdict' | 'no_verdict_on_pairs' | 'warning';
  readonly figures: readonly TrialGateFigure[];
  readonly arms: readonly number[];
  readonly pairs: readonly (readonly [reference: number, arm: number])[];
}

/** The complete result of a trial. Equal runs give equal reports: it has no clock times. */
export interface TrialReport extends TrialFacts {
  readonly format: typeof trialFormat;
  /** Confidence level of the intervals: 0.95, or closer to 1 with several comparisons (Bonferroni). */
  readonly level: number;
  /** In the order of `arms`, then of `trialMetrics`; metrics that were not measured are missing. */
  readonly values: readonly (readonly TrialValue[])[];
  /** The values for items ranked by their train positives. */
  readonly popularity: readonly TrialValue[];
  /** Every pair of arms. Reports show the pairs with the first arm. */
  readonly pairs: readonly TrialPair[];
  readonly gates: readonly TrialGate[];
}
