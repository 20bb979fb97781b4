import type { Stage } from '../../config/stage.ts';
import type { ConfigPath } from '../../config/tree.ts';
import type { Message } from '../../report/message.ts';
import type { SourceName } from '../sources.ts';
import type { ListPlan, PoolPlan, Seen } from './drawPlan.ts';

export type { CountPlan, ListPlan, PoolPlan, Seen } from './drawPlan.ts';

/**
 * All that the draws of a stage depend on besides the data: the config with shorthands written out and defaults filled
 * in. Plain values, so that it travels between processes. Made by `planStage`.
 */
export interface StagePlan {
  readonly stage: Stage;
  readonly unit: 'positive' | 'request' | 'impression';
  /** Text, or the decimal text of an integer. */
  readonly seed: string;
  readonly epoch: number;
  /** IANA name: of zone-less times, and of days. */
  readonly timezone: string;
  readonly split: 'train' | 'eval';
  /** As written; null where the config has none. */
  readonly window: { readonly train: Period | null; readonly eval: Period | null };
  readonly positives: {
    /** Largest weight first, of equal weights by name: the first that holds gives a row its event. */
    readonly events: readonly { readonly name: string; readonly weight: number }[];
    /** `downsample_hot.threshold`: share of the positives. */
    readonly hotThreshold: number | null;
    readonly maxPerUserPerDay: number | null;
  };
  /** How many negatives a group asks for. `none` in the unit impression. */
  readonly amounts:
    { readonly kind: 'shares'; readonly perGroup: number } | { readonly kind: 'counts' } | { readonly kind: 'none' };
  /** In the order of their names' UTF-8 bytes. */
  readonly entries: readonly PlanEntry[];
  readonly onShortfall: 'keep' | 'refill' | 'fail';
  /** Index into `entries`; null unless `onShortfall` is `refill`. */
  readonly refillFrom: number | null;
  /** Unit impression only: which exposures are rows, and how negatives are thinned out. */
  readonly exposures: {
    readonly entry: string;
    readonly seen: Seen;
    readonly matureAfter: number | null;
    readonly downsample: number | null;
    readonly calibration: 'weight' | 'formula' | null;
  } | null;
  readonly inBatch: { readonly batchSize: number; readonly maskSameItem: boolean } | null;
}

/** Ends as the config writes them: a day (whole) or a time, both included. */
export interface Period {
  readonly from?: string;
  readonly to?: string;
}

export interface PlanEntry {
  readonly name: string;
  readonly source: SourceName;
  /** Share as written with `amounts.kind` `shares`, else the count. */
  readonly amount: number;
  readonly exclude: PlanExclude;
  readonly draws: PoolPlan | ListPlan;
}

/** Items that an entry never draws for a user, besides the group's own positives. Null: `none`. */
export type PlanExclude = {
  /** Names of events, or `impressions`; sorted, each once. */
  readonly events: readonly string[];
  readonly within: 'train' | 'all';
  /** Microseconds; null: from the start of the window. */
  readonly lookback: number | null;
} | null;

/** Something of the config that a plan does without. */
export interface PlanProblem {
  readonly message: Message;
  /** Null where it stands nowhere in the text. */
  readonly path: ConfigPath | null;
  /** True where every row is drawn as the config says all the same. */
  readonly harmless?: true;
  /** The way out, where one is known. */
  readonly advice?: Message;
  /** Values of which one that is unsound explains it, and what then follows: "popularity is left out". */
  readonly lacks?: { readonly at: readonly ConfigPath[]; readonly so: Message };
}
