import type { TopUsers } from '../audit/metrics/users.ts';
import type { Rate } from '../statistics/rate.ts';

/** Answers about whole distributions: rates of the log, popularity, items. */
export interface DistributionAnswers {
  /**
   * Positives and negatives of a fine-ranking file against those of the log. By split with rows: `file`, and the
   * exposures of the log that the config takes, in the time that the file covers. `error`: standard error of
   * log((negatives of file / log) / (positives of file / log)), with rows of one user dependent on each other.
   * `weights`: the same of the sums of weights; null without weights. Without `calibration`, weights of positives only
   * say how important they are, so `weights.positives` is their number. `downsample` and `calibration` are those of the
   * split.
   */
  readonly 'exposure-rates': {
    readonly splits: readonly {
      readonly split: 'train' | 'eval';
      readonly file: { readonly positives: number; readonly negatives: number };
      readonly log: { readonly positives: number; readonly negatives: number };
      readonly error: number;
      readonly weights: { readonly positives: number; readonly negatives: number; readonly error: number } | null;
      readonly downsample: number;
      readonly calibration: 'weight' | 'formula' | null;
    }[];
  };
  /**
   * Share of the most popular items of the corpus in a sample file. The head: the 1 % of the corpus with the most
   * positive events until the training cut, at least one item. `eventShare`: their share of these events. `positives`
   * and `negatives`: rows of the file whose item is one of them.
   */
  readonly 'head-shares': {
    readonly items: number;
    readonly head: number;
    readonly eventShare: number | null;
    readonly positives: Rate;
    readonly negatives: Rate;
  };
  /**
   * What `downsample_hot` does to the positives of a stage. `positives` of the training window, before downsampling, of
   * `items`; `thinned` of these items keep fewer than all; `kept`: expected number of positives that stay.
   */
  readonly 'hot-effect': {
    readonly positives: number;
    readonly items: number;
    readonly thinned: number;
    readonly kept: number;
  };
  /**
   * How far the popularity of groups of users is from that of all users. `entry`: the first popularity that counts all
   * users together; null if there is none. By value of an attribute of the users, with enough events: `difference` is
   * at most the total variation between the items of the group and those of all users: items that half of the users
   * prefer are measured on the other half. `low`: its lower 99 % bound, with events of one user dependent on each
   * other.
   */
  readonly 'group-popularity': {
    readonly entry: string | null;
    readonly groups: readonly {
      readonly attribute: string;
      readonly value: string;
      readonly users: number;
      readonly events: number;
      readonly difference: number;
      readonly low: number;
    }[];
  };
  /**
   * The items of the negatives of a sample file, against the input of the stage and what the config leads to. JS
   * divergences from the input of the stage, in bits: of the negatives in the file (`observed`), of random samples of
   * the same size of what the config leads to (`expected`, smallest and largest in `chance`), and of the `exposures`.
   * Null where they are not defined. `input`: items of the input; `unreachable`: those that no entry can draw.
   * `largest`: the most frequent item; null without negatives.
   */
  readonly 'item-distances': {
    readonly input: number;
    readonly unreachable: number;
    readonly observed: number | null;
    readonly expected: number | null;
    readonly chance: readonly [number, number] | null;
    readonly exposures: number | null;
    readonly largest: { readonly item: string; readonly rate: Rate } | null;
  };
  /** Share of the rows of a sample file that belong to the most frequent users. */
  readonly 'user-shares': TopUsers;
}
