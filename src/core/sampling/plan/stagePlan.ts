import type { HistoryRules } from '../../config/historyRules.ts';
import type { HistoryColumn } from '../../table/historyProblem.ts';
import type { Stage } from '../../schema/stage.ts';
import type { OutcomesPlan } from '../outcomes.ts';
import type { SourceName } from '../../source/sources.ts';
import type { ListPlan, PoolPlan, Seen } from '../../source/drawPlan.ts';

export type { PlanProblem } from '../../config/planProblem.ts';
export type { CountPlan, ListPlan, PoolPlan, Seen } from '../../source/drawPlan.ts';

/**
 * Everything except the data that the draws of a stage depend on: the config with shorthands expanded and defaults
 * filled in. Plain values, so that it can cross processes. Created by `planStage`.
 */
export interface StagePlan {
  readonly stage: Stage;
  readonly unit: 'positive' | 'request' | 'impression';
  /** Text, or the decimal text of an integer. */
  readonly seed: string;
  readonly epoch: number;
  /** IANA name: the zone of zone-less times, and of days. */
  readonly timezone: string;
  readonly split: 'train' | 'eval';
  /** As written; null if the config has none. */
  readonly window: {
    readonly train: Period | null;
    readonly eval: (Period & { readonly resample?: boolean }) | null;
    /** A day or time. Outcomes of the evaluation data are known until then; null: until the newest time of the log. */
    readonly knownUntil: string | null;
  };
  readonly positives: {
    /** Largest weight first; equal weights by name. The first matching event becomes the event of a row. */
    readonly events: readonly { readonly name: string; readonly weight: number }[];
    /**
     * Names of `unknownNames`: a row without a positive event for which one of them holds is neither a positive nor a
     * negative. Missing if every event is known.
     */
    readonly unknown?: readonly { readonly event: string; readonly name: string }[];
    /**
     * `downsample_hot.threshold`: share of the positives. It and `maxPerUserPerDay` are null for evaluation data that
     * keeps its natural distribution.
     */
    readonly hotThreshold: number | null;
    readonly maxPerUserPerDay: number | null;
    /**
     * `min_steps`: of each of these sequences, a training positive has `length` steps. Evaluation data keeps the others,
     * and counts them. Missing without `min_steps`: plans without it keep their digest.
     */
    readonly minSteps?: readonly HistoryRules[];
    /** True if rows have the probability that `downsample_hot` keeps them. Equal for both splits. */
    readonly hasKeepProbability: boolean;
  };
  /** How the number of negatives of a group is defined. `none` in the unit impression. */
  readonly amounts:
    | { readonly kind: 'shares'; readonly perGroup: number }
    | { readonly kind: 'counts' }
    | { readonly kind: 'none' };
  /** Ordered by the UTF-8 bytes of their names. */
  readonly entries: readonly PlanEntry[];
  readonly onShortfall: 'keep' | 'refill' | 'fail';
  /** Index into `entries`; null unless `onShortfall` is `refill`. */
  readonly refillFrom: number | null;
  /**
   * Of an item that several entries of a group draw, only the row of the first entry stays. Missing without
   * `negatives.distinct`: plans without it keep their digest. Never set with `logq`.
   */
  readonly distinct?: true;
  /** Unit impression only: which exposures are rows, and how negatives are downsampled. */
  readonly exposures: {
    readonly entry: string;
    readonly seen: Seen;
    readonly matureAfter: number | null;
    readonly downsample: number | null;
    readonly calibration: 'weight' | 'formula' | null;
  } | null;
  readonly inBatch: {
    readonly batchSize: number;
    readonly maskSameItem: boolean;
    /**
     * Part of the loss that in-batch negatives get at equal scores, above 0 and below 1. Only with `logq: shares` and
     * drawn negatives; plans without it keep their digest.
     */
    readonly weight?: number;
  } | null;
  /** Missing without `training.logq`: plans without it keep their digest. Never set in the unit impression. */
  readonly logq?: LogQMode;
  /**
   * Evaluation data with `logq` and in-batch negatives: how the trainer's positives are resampled, since `positives`
   * says how those of the evaluation are.
   */
  readonly trainPositives?: Pick<StagePlan['positives'], 'hotThreshold' | 'maxPerUserPerDay'>;
  /** Only in the units request and impression, if the stage has a teacher. */
  readonly teacher?: TeacherPlan;
  /** Missing without `output.events` and `output.graded`: plans without them keep their digest. */
  readonly outcomes?: OutcomesPlan;
}

/** Where the values of the teacher come from. */
export interface TeacherPlan {
  readonly from: 'candidates' | 'impressions';
  /** A role of the candidates, or a column of the impressions. */
  readonly column: string;
  /** Rows on which it is trusted: those whose user, request and item are in the impressions, or all. */
  readonly on: 'exposed' | 'all';
}

/**
 * What the loss approximates after the trainer subtracts `logq_correction`: the softmax over all items that the mix can
 * draw, or a softmax over the mix as if every pool were drawn uniformly.
 */
export type LogQMode = 'corpus' | 'shares';

/** Ends as the config writes them: a day (whole) or a time, both included. */
export interface Period {
  readonly from?: string;
  readonly to?: string;
}

export interface PlanEntry {
  readonly name: string;
  readonly source: SourceName;
  /** Share as written if `amounts.kind` is `shares`, else the count. */
  readonly amount: number;
  readonly exclude: PlanExclude;
  readonly draws: PoolPlan | ListPlan;
}

/** Items that an entry never draws for a user, in addition to the group's own positives. Null: `none`. */
export type PlanExclude = {
  /** Names of events, each once and sorted, or `impressions`; then those of `unknownNames`. */
  readonly events: readonly string[];
  readonly within: 'train' | 'all';
  /** Microseconds; null: from the start of the window. */
  readonly lookback: number | null;
  /** Missing without `exclude.history`: plans without it keep their digest. */
  readonly history?: HistoryColumn;
} | null;
