import type { UnknownCounts } from './unknownCounts.ts';
import type { Message } from '../message/message.ts';
import type {
  DrawnUser,
  InBatchTotals,
  PairCorrections,
  PairEntry,
  PairInBatch,
  PreviewRow,
  PreviewTotals,
} from './drawn.ts';
import type { PassedValues } from './passedValues.ts';
import type { EventCounts } from './eventCounts.ts';
import type { HistoryCounts } from './historyCounts.ts';
import type { PairHistory, ShownSequence, ShownStep } from './shownHistories.ts';

/** The draws of a plan for some users. Ids are exact text, times are ISO 8601 in UTC with microseconds. */
export interface Preview {
  readonly users: readonly PreviewUser[];
  readonly totals: PreviewTotals;
  /** Only if the config has in-batch negatives. */
  readonly inBatch?: InBatchTotals;
  /** Only if the file has copied columns. */
  readonly passed?: PassedValues;
  /** Only if the file has behaviour sequences. */
  readonly sequences?: readonly ShownSequence[];
  readonly facts: SamplingFacts;
  /** What `exclude.history` excludes for these users; missing without it. */
  readonly histories?: readonly HistoryCounts[];
  /** Notices for the user: dropped or collapsed rows, substitutes for unknown groups. */
  readonly notices: readonly Message[];
  /** `drawing`: sampling only; `total`: all work of the engine for this answer. */
  readonly milliseconds: { readonly drawing: number; readonly total: number };
}

export interface PreviewUser extends DrawnUser {
  /** False if the log has no rows of the user and there are no candidates. */
  readonly isKnown: boolean;
  /** Impressions in the window of the split; `chosen`: impressions with a positive event. */
  readonly impressions: number;
  readonly positiveImpressions: number;
  readonly leftOut?: LeftOut;
  readonly attributes: Readonly<Record<string, string | null>>;
  /** By sequence: the steps in the histories of the groups, the oldest first. Only if the file has sequences. */
  readonly steps?: readonly (readonly ShownStep[])[];
}

/** Facts over all users. */
export interface SamplingFacts {
  /** ISO 8601 in UTC. */
  readonly cut: string;
  /** Number of items in the corpus; null for an extract, which cannot count all items. `bins` is then empty. */
  readonly corpus: number | null;
  /**
   * Groups of all users in the window of the split, and their positives; before `downsample_hot`, the cap and
   * `downsample`.
   */
  readonly groups: number;
  readonly positives: number;
  /**
   * Bins of popularity, most popular first, by counts of the positive event with the largest weight, up to the cut.
   * `to[k]`: share of the corpus (0 to 1] up to the end of bin k; `corpus[k]`: number of its items; `positives[k]`:
   * number of positives of all users in it.
   */
  readonly bins: {
    readonly to: readonly number[];
    readonly corpus: readonly number[];
    readonly positives: readonly number[];
  };
  /** Jensen–Shannon divergence between the exposures and the stage input, in bits; null if both are the same. */
  readonly exposureDistance: number | null;
  /** Counts per event table; missing if there is none. */
  readonly events?: readonly EventCounts[];
  /** Impressions of the split without a known label; missing if all are known. */
  readonly unknown?: readonly UnknownCounts[];
  /** Additional facts about the items in the answer. */
  readonly items: Readonly<Record<string, ItemFacts>>;
}

export interface ItemFacts {
  readonly title: string | null;
  readonly attributes: Readonly<Record<string, string | null>>;
  /**
   * Percentage of the corpus that is at most as popular, 0 to 100. Items without events have no percentile. Null for
   * items outside the corpus.
   */
  readonly percentile: number | 'no events' | null;
}

/** Groups that `min_steps` leaves out, and the history of the first. Missing if there are none. */
export interface LeftOut {
  readonly groups: number;
  readonly time: string;
  readonly sequence: string;
  readonly steps: number;
  readonly required: number;
}

/** Why an item is or is not a negative of a user. */
export interface PairExplanation {
  readonly user: { readonly known: boolean; readonly groups: number; readonly leftOut?: LeftOut };
  /** Null if the item is not in the corpus. Times are ISO 8601 in UTC. */
  readonly item: ({ readonly created: string | null; readonly removed: string | null } & ItemFacts) | null;
  /**
   * The user's history with the item in the whole log: one entry per event name, and one for `impressions`. `times` is
   * a count; `first` and `last` are times.
   */
  readonly history: readonly {
    readonly event: string;
    readonly times: number;
    readonly first: string;
    readonly last: string;
  }[];
  /** Number of groups in which the item is a positive. */
  readonly positiveIn: number;
  /** Groups in which it would be the positive without `min_steps`. */
  readonly leftOut?: LeftOut;
  readonly entries: readonly PairEntry[];
  /**
   * Expected number of rows over all groups of the user and all entries, and the number that this seed and epoch draw.
   */
  readonly expected: number;
  readonly drawn: number;
  /** Only if the config has in-batch negatives. They are not included in `entries`, `expected` and `drawn`. */
  readonly inBatch?: PairInBatch;
  /** The item in the user's histories. Only if the file has behaviour sequences. */
  readonly sequences?: readonly PairHistory[];
  /** Only for plans with `logq`. */
  readonly corrections?: PairCorrections;
  /** The user's rows with this item in the sample file. Only if the file has copied columns or a teacher. */
  readonly rows?: readonly PairRow[];
  readonly passed?: PassedValues;
  /** Notices about invalid rows and rows that were left out. */
  readonly notices: readonly Message[];
}

/** A row of the explained item. */
export type PairRow = Pick<
  PreviewRow,
  'label' | 'entry' | 'draw' | 'teacher' | 'teacherReason' | 'outcomes' | 'passed'
> & {
  /** Key and time of its group. */
  readonly key: string;
  readonly time: string;
};
