import type { TopUsers } from '../audit/metrics/users.ts';
import type { Rate } from '../statistics/rate.ts';

/** Answers about whole distributions: rates of the log, popularity, items. */
export interface DistributionAnswers {
  /** Positives and negatives of a fine-ranking file, compared with the log. */
  readonly 'exposure-rates': {
    /** Splits that have rows, with the settings of the split. */
    readonly splits: readonly {
      readonly split: 'train' | 'eval';
      readonly file: { readonly positives: number; readonly negatives: number };
      /** Exposures of the log that the config takes, in the time that the file covers. */
      readonly log: { readonly positives: number; readonly negatives: number };
      /** Standard error of log((file negatives / log negatives) / (file positives / log positives)), clustered by user. */
      readonly error: number;
      /**
       * Sums of the weights instead of rows; null without weights. Without `calibration`, a weight of a positive is only
       * its importance, so `positives` is then the number of positives.
       */
      readonly weights: { readonly positives: number; readonly negatives: number; readonly error: number } | null;
      readonly downsample: number;
      readonly calibration: 'weight' | 'formula' | null;
    }[];
  };
  /**
   * How often a sample file has the head of the corpus: the 1 % of the items (at least one) with the most positive events
   * until the training cut.
   */
  readonly 'head-shares': {
    /** Items of the corpus. */
    readonly items: number;
    /** Items of the head. */
    readonly head: number;
    /** Share of the positive events that are of the head; null without events. */
    readonly eventShare: number | null;
    /** Rows of the file whose item is in the head. */
    readonly positives: Rate;
    readonly negatives: Rate;
  };
  /** What `downsample_hot` does to the positives of a stage. */
  readonly 'hot-effect': {
    /** Positives of the training window before downsampling, and their number of items. */
    readonly positives: number;
    readonly items: number;
    /** Items that lose positives. */
    readonly thinned: number;
    /** Expected number of positives that remain. */
    readonly kept: number;
  };
  /** How far the popularity in groups of users is from the popularity among all users. */
  readonly 'group-popularity': {
    /** The first popularity entry that counts all users together; null if there is none. */
    readonly entry: string | null;
    /** Groups by the value of a user attribute, if they have enough events. */
    readonly groups: readonly {
      readonly attribute: string;
      readonly value: string;
      readonly users: number;
      readonly events: number;
      /**
       * At most the total variation between the items of the group and of all users. Half of the users choose the items
       * to compare, and the other half measures them.
       */
      readonly difference: number;
      /** Lower 99 % bound of `difference`, clustered by user. */
      readonly low: number;
    }[];
  };
  /** Items of the negatives, by their JS divergence from the input of the stage, in bits; null if it is not defined. */
  readonly 'item-distances': {
    /** Items of the input, and items among them that no entry can draw. */
    readonly input: number;
    readonly unreachable: number;
    /** Divergence of the negatives in the file. */
    readonly observed: number | null;
    /** Divergence of random samples of the config's draws with the same size; `chance`: smallest and largest. */
    readonly expected: number | null;
    readonly chance: readonly [number, number] | null;
    /** Divergence of the exposures. */
    readonly exposures: number | null;
    /** The most frequent item; null without negatives. */
    readonly largest: { readonly item: string; readonly rate: Rate } | null;
  };
  /** Share of the rows of a sample file that belong to the most frequent users. */
  readonly 'user-shares': TopUsers;
}
