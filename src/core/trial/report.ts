import type { Message } from '../message/message.ts';
import type { TrialMetricId } from './trialMetrics.ts';

/** Format of the JSON. A change that a reader of this format would misread gets the next number. */
export const trialFormat = 1;

/** What is taken out of a user's ranking: items that the user clicked in train, or all items that were shown. */
export type TrialHide = 'clicked' | 'exposed';

export interface TrialWindow {
  /** As the config has them: a day or an instant. `to` is not part of the window. */
  readonly from: string | null;
  readonly to: string | null;
}

/** One config as it was trained. Counts are of the whole train window. */
export interface TrialArm {
  /** Unique in the report: the file name, or with `--vary` the value. */
  readonly name: string;
  readonly config: string;
  /** What `--vary` set; null without it. */
  readonly varied: { readonly path: string; readonly value: string } | null;
  /** Of the text of the config and of its plan. Equal digests draw equal rows. */
  readonly digest: string;
  readonly negatives: 'drawn' | 'in_batch' | 'both';
  /** `log_q_mix` is subtracted from the scores. */
  readonly logq: boolean;
  /** The number of epochs that was best on the tune window. */
  readonly epochs: number;
  /** Mean NDCG on the tune window over the seeds, by number of epochs. */
  readonly tuned: readonly { readonly epochs: number; readonly ndcg: number }[];
  /** Mean loss of a group, by epoch from 1, for each seed. */
  readonly loss: readonly (readonly number[])[];
  /** By seed. */
  readonly runs: readonly TrialRun[];
}

/** What one seed of a config trained on. */
export interface TrialRun {
  readonly seed: string;
  readonly groups: number;
  /** Negatives. */
  readonly rows: number;
  /** Negatives that were asked for and not drawn. */
  readonly shortfall: number;
  /** Groups that were left out, because they have no negative, or because the positive has no `log_q_mix`. */
  readonly groupsWithoutRows: number;
  readonly groupsWithoutLogQ: number;
}

/** Who and what is evaluated. It is the same for every config. */
export interface TrialPopulation {
  /** Positives in train, and how many of them were trained on: whole users, chosen by their keyed hash. */
  readonly trainPositives: number;
  readonly usedPositives: number;
  readonly trainUsers: number;
  readonly usedUsers: number;
  /** The most positives that are trained on; null with `--all`. */
  readonly cap: number | null;
  /** Users with positives in train and in eval. */
  readonly warmUsers: number;
  /** Items that can be recommended at the start of eval. */
  readonly corpus: number;
  /** Positives in eval of the used users, and of users that are not in train. */
  readonly evalPositives: number;
  /** Eval positives that the probe cannot rank, by their first reason. */
  readonly invisible: {
    readonly newUser: number;
    readonly newItem: number;
    /** The item is not in the corpus at the start of eval, or it was hidden. */
    readonly notInCorpus: number;
  };
  /** Columns that the sample file passes through, which the probe ignores. */
  readonly passedColumns: number;
}

/** The randomly exposed rows of `--eval-where`. */
export interface TrialSlice {
  readonly column: string;
  readonly value: string;
  readonly positives: number;
  readonly users: number;
  /** Length of the lists of its recall. */
  readonly k: number;
}

/** Values of a metric; null if it is not defined, such as GAUC without exposures. */
export interface TrialValue {
  readonly metric: TrialMetricId;
  readonly mean: number | null;
  readonly bySeed: readonly (number | null)[];
}

/** Everything about a trial that is known before its differences are judged. */
export interface TrialFacts {
  /** Of RecSample. */
  readonly version: string;
  readonly stage: 'recall';
  readonly loss: 'sampled_softmax' | 'pairwise';
  /** Of the data sets that were read, by name. */
  readonly data: Readonly<Record<string, string>>;
  readonly seed: string;
  readonly hide: TrialHide;
  readonly windows: { readonly train: TrialWindow; readonly tune: TrialWindow; readonly eval: TrialWindow };
  /** Of the probe, of the evaluation, of the statistics and of the gates, by name. */
  readonly constants: Readonly<Record<string, number | readonly number[]>>;
  readonly population: TrialPopulation;
  readonly slice: TrialSlice | null;
  /** Number of other configs that earlier trials compared on the same data and evaluation window. */
  readonly earlierConfigs: number;
  readonly arms: readonly TrialArm[];
  /** What the reader must know, such as a batch that was capped. */
  readonly notes: readonly Message[];
}

/**
 * Values of the users, as the evaluation measured them. Each matrix has an array for each seed, with a value for each
 * evaluated user in the same order for every arm. NaN: the metric is not defined for the user, in no arm and no seed.
 */
export interface ArmMeasurement {
  readonly byUser: Readonly<Partial<Record<TrialMetricId, readonly Float64Array[]>>>;
  /** For metrics of the lists of all users together: a value for each seed. */
  readonly byLists: Readonly<Partial<Record<TrialMetricId, readonly number[]>>>;
}

export interface TrialMeasurement {
  /** In the order of `TrialFacts.arms`. */
  readonly arms: readonly ArmMeasurement[];
  /** The same for items ranked by their train positives; one seed. */
  readonly popularity: ArmMeasurement;
  /** Weights of the users in the mean, where they are not all 1: GAUC weighs users by their positives. */
  readonly weights: Readonly<Partial<Record<TrialMetricId, Float64Array>>>;
}

/** How a config compares with another in a metric. `no_verdict`: a gate fired. */
export type TrialWord = 'higher' | 'lower' | 'no_clear_difference' | 'no_verdict';

/** The metric of `arm` minus that of `reference`. Null: not defined, or without an interval. */
export interface TrialDifference {
  readonly metric: TrialMetricId;
  readonly difference: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Half the width of the interval: a difference that is larger would show. */
  readonly detectable: number | null;
  readonly word: TrialWord;
}

/** Indexes in `arms`. `arm` is behind `reference`; `pairOf` turns a pair round. */
export interface TrialPair {
  readonly reference: number;
  readonly arm: number;
  readonly differences: readonly TrialDifference[];
}

export type TrialGateId = 'popularity' | 'agreement' | 'size' | 'visibility' | 'reach';

/** A figure of a gate and its limit. `arm`, `pair`: what it is about; else the whole trial. */
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
 * A condition for a verdict. `effect` if it fired: no verdict at all, none for the named pairs, or a warning.
 * `arms`, `pairs`: indexes that it fired for; empty if it is about the whole trial.
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
  /** Of the intervals: 0.95, or closer to 1 with several comparisons (Bonferroni). */
  readonly level: number;
  /** In the order of `arms`, then of `trialMetrics`; metrics that were not measured are missing. */
  readonly values: readonly (readonly TrialValue[])[];
  /** Items ranked by their train positives. */
  readonly popularity: readonly TrialValue[];
  /** Every pair of arms. Reports show those against the first arm. */
  readonly pairs: readonly TrialPair[];
  readonly gates: readonly TrialGate[];
}
