/**
 * The probe model of a trial: a score is the dot product of a user vector and an item vector. Training goes group by
 * group, with Adagrad and one sum of squared gradients for each vector.
 */
export const probe = {
  /** Length of a vector. */
  dimensions: 32,
  /** Initial values are uniform in ±0.173: the variance of a normal distribution with standard deviation 0.1. */
  initialRange: 0.173,
  learningRate: 0.05,
  /** Initial sum of squared gradients of a vector. */
  initialSum: 0.1,
  /** Largest batch with in-batch negatives, in positives. The time of an epoch grows with it. */
  mostInBatch: 256,
} as const;

/** Numbers of epochs that the tune window chooses from. */
export const trialEpochs = [2, 4, 7, 12, 20] as const;

/** Other constants of a trial, documented in docs/trial.md. */
export const trialLimits = {
  /** Largest number of train positives without `--all`. */
  positives: 200_000,
  /** The tune window is 1/8 of the days of the train window, at least one day. */
  tunePart: 8,
  /** Number of seeds that choose the number of epochs. */
  tuneSeeds: 2,
  /** Largest number of users of the tune window that choose the number of epochs. */
  tuneUsers: 5000,
  /** Lengths of the lists, in items. */
  list: 20,
  longList: 100,
  /** The lists of the slice of `--eval-where` contain 1/10 of the corpus. */
  slicePart: 10,
} as const;

/** Number of seeds: the default and the largest. */
export const trialSeeds = { usual: 5, most: 20 } as const;

export type TrialLoss = 'sampled_softmax' | 'pairwise';

/** The training data of one run. `users`, `words` and `weights` are by group. */
export interface TrialGroups {
  readonly count: number;
  /** Numbers of the users. */
  readonly users: Uint32Array;
  /** Two 32-bit words of the key of each group. */
  readonly words: Uint32Array;
  /** Candidates of group g: offsets[g] … offsets[g + 1] − 1. The positive is the first. */
  readonly offsets: Uint32Array;
  readonly candidates: Uint32Array;
  /** Correction that is subtracted from the score of each candidate; null: none. */
  readonly corrections: Float32Array | null;
  /** Correction of each positive when it is a candidate of other groups of its batch; null: none. */
  readonly batchCorrections: Float32Array | null;
  /** Weight of the positive ÷ mean weight; null if all weights are equal. */
  readonly weights: Float32Array | null;
}

/** How one run trains. */
export interface ProbeSettings {
  /** Text that the first values and the orders of groups depend on. */
  readonly seed: string;
  readonly loss: TrialLoss;
  readonly inBatch: { readonly size: number; readonly maskSameItem: boolean } | null;
}
