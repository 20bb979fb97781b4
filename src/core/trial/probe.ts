/**
 * The probe model of a trial: the score of a user and an item is the product of their vectors. Trained group by group
 * with Adagrad that has one sum of squared gradients for each vector.
 */
export const probe = {
  /** Numbers of a vector. */
  dimensions: 32,
  /** First values are uniform in ±0.173, which has the variance of a normal distribution with deviation 0.1. */
  initialRange: 0.173,
  learningRate: 0.05,
  /** The sum of squared gradients of a vector before the first group. */
  initialSum: 0.1,
  /** Most positives of a batch with in-batch negatives: the time of an epoch grows with it. */
  mostInBatch: 256,
} as const;

/** Numbers of epochs to choose from. */
export const trialEpochs = [2, 4, 7, 12, 20] as const;

/** What else a trial computes with. Documented in docs/trial.md. */
export const trialLimits = {
  /** Most train positives without `--all`. */
  positives: 200_000,
  /** The tune window is this part of the days of the train window, at least one day. */
  tunePart: 8,
  /** Seeds that choose the number of epochs. */
  tuneSeeds: 2,
  /** Most users of the tune window that choose the number of epochs. */
  tuneUsers: 5000,
  /** Lengths of the lists. */
  list: 20,
  longList: 100,
  /** The lists of the slice of `--eval-where` are this part of the corpus. */
  slicePart: 10,
} as const;

/** Number of seeds: usual, and most. */
export const trialSeeds = { usual: 5, most: 20 } as const;

export type TrialLoss = 'sampled_softmax' | 'pairwise';

/** What one run trains on. Arrays by group, except for the candidates and their corrections. */
export interface TrialGroups {
  readonly count: number;
  /** Numbers of the users. */
  readonly users: Uint32Array;
  /** Two words of the key of each group. */
  readonly words: Uint32Array;
  /** Candidates of group g: offsets[g] … offsets[g + 1] − 1. The positive is the first. */
  readonly offsets: Uint32Array;
  readonly candidates: Uint32Array;
  /** What is subtracted from the score of each candidate; null: nothing. */
  readonly corrections: Float32Array | null;
  /** What is subtracted from the score of the positive as a candidate of other groups of its batch; null: nothing. */
  readonly batchCorrections: Float32Array | null;
  /** Weight of the positive over the mean weight; null if all are equal. */
  readonly weights: Float32Array | null;
}

/** How one run trains. */
export interface ProbeSettings {
  /** Text that the first values and the orders of groups depend on. */
  readonly seed: string;
  readonly loss: TrialLoss;
  readonly inBatch: { readonly size: number; readonly maskSameItem: boolean } | null;
}
