import type { RowOrder } from './placement.ts';
import type { NullReason, PassedCell } from './passedValues.ts';
/** The draws of a plan for one user. Ids are exact text, times are ISO 8601 in UTC with microseconds. */
export interface DrawnUser {
  readonly user: string;
  /** Number of all groups; `groups` may have fewer. */
  readonly groupCount: number;
  /** In the unit impression, exposures dropped by `downsample` are missing. */
  readonly groups: readonly PreviewGroup[];
}

export interface PreviewGroup {
  /** Canonical text, with U+001F between its parts. */
  readonly key: string;
  /** Unit positive: the positive. Unit impression: the item. Unit request: null. */
  readonly item: string | null;
  readonly request: string | null;
  readonly time: string;
  /** Positives first, then by entry name, then by draw. */
  readonly rows: readonly PreviewRow[];
  /** Quota by entry, without entries of quota 0. */
  readonly quotas: Readonly<Record<string, number>>;
  /** Rows that refill moved to the entry of `refill_from`: part of its quota. Only if there are any. */
  readonly refilled?: number;
  /** Shortfall by entry, only for entries that have one. */
  readonly shortfall: Readonly<Record<string, Shortfall>>;
  /** Draws that `distinct` dropped, because an earlier entry has the item. Only if there are any. */
  readonly repeated?: readonly { readonly entry: string; readonly item: string }[];
  /** Only if the config has in-batch negatives. */
  readonly inBatch?: InBatchGroup;
}

export type ShortfallCause = 'pool' | 'attempts' | 'list';
export interface Shortfall {
  readonly asked: number;
  readonly drawn: number;
  readonly cause: ShortfallCause;
}

export interface PreviewRow {
  readonly item: string;
  readonly label: 0 | 1;
  /** Null for positives. */
  readonly source: string | null;
  readonly entry: string | null;
  /** Rank within (group, entry), from 0; null for positives and exposures. */
  readonly draw: number | null;
  readonly logQ: number | null;
  readonly logQMix: number | null;
  /** Only for plans with `logq`. */
  readonly corrections?: RowCorrections;
  readonly weight: number;
  /** Set for positives under `downsample_hot`, else null. */
  readonly keepProbability: number | null;
  /** Only if the stage has a teacher; null without a value. */
  readonly teacher?: number | null;
  /** Why the teacher has no value. */
  readonly teacherReason?: NullReason;
  /** By event of `StagePlan.outcomes`: null if it is not known yet. Only if the stage has such events. */
  readonly outcomes?: readonly (0 | 1 | null)[];
  /** Values of the copied columns, in the order of `PassedValues.columns`. Only if the request names columns. */
  readonly passed?: readonly PassedCell[];
  readonly why: Why;
}

/** What the trainer subtracts from the logit of a row. Null: no entry of the group can draw the item. */
export interface RowCorrections {
  readonly logqCorrection: number | null;
  /**
   * Only with in-batch negatives: the log of the item's share of the train positives, and for positives the correction
   * as a candidate of another positive of the batch.
   */
  readonly logQBatch?: number | null;
  readonly logqCorrectionBatch?: number | null;
}

/** Why a row exists. */
export type Why =
  | { readonly kind: 'positive'; readonly event: string }
  /** Unit impression: `label` is 0 or 1, as in the log. */
  | { readonly kind: 'exposure'; readonly event: string | null }
  /**
   * `attempt` counts from 0; `u` is the value of that attempt. `weight` is the item's part of `total`, the weight of
   * everything acceptable for the group. `size`: number of items in the pool. `pool`: the values of its users; null: all
   * users. `before`: the day or time before which its counts end; only for counts that move with the day.
   */
  | {
      readonly kind: 'pool';
      readonly attempt: number;
      readonly u: number;
      readonly weight: number;
      readonly total: number;
      readonly size: number;
      readonly pool: string | null;
      readonly before?: string;
      readonly rejected: readonly Rejection[];
    }
  /**
   * `rank` among the `size` acceptable candidates of the tier, in keyed order, from 0. `channel`: the channel whose
   * turn it was.
   */
  | {
      readonly kind: 'list';
      readonly tier: 'request' | 'user';
      readonly rank: number;
      readonly size: number;
      readonly channel: string | null;
    };

/** A rejected attempt between the previous draw and this one. */
export interface Rejection {
  readonly attempt: number;
  readonly item: string;
  readonly reason: RejectionReason;
  /** Set if the item is excluded because it is in the user's history. */
  readonly isPast?: true;
}
/**
 * `positive`: a positive of the group; `excluded`: by the user's events; `ineligible`: not in the corpus at that time;
 * `repeated`: drawn before.
 */
export type RejectionReason = 'positive' | 'excluded' | 'ineligible' | 'repeated';

/** How many rows have a value of the teacher. `entry`: null for the positives. */
export interface TeacherCoverage {
  readonly entry: string | null;
  /** Number of rows on which the teacher is trusted. */
  readonly trusted: number;
  /** Number of these that have a value. */
  readonly known: number;
}

export interface PreviewTotals {
  readonly groups: number;
  readonly positives: number;
  readonly negatives: number;
  /** In the order of the plan. */
  readonly entries: readonly EntryTotals[];
  readonly rejections: Readonly<Record<RejectionReason, number>>;
  /** Rows by popularity bin (`SamplingFacts.bins`): positives, then each entry of the plan. */
  readonly positiveBins: readonly number[];
  readonly entryBins: readonly (readonly number[])[];
  /** Only for plans with `logq`, if there are negatives. */
  readonly effective?: EffectiveShares;
  /** Only if the stage has a teacher. */
  readonly teacher?: readonly TeacherCoverage[];
}
/** What each entry contributes to the loss while all scores are equal, after the log q correction. */
export interface EffectiveShares {
  /** By entry of the plan: mean over groups of its part of Σ exp(−logq_correction). They sum to 1, with `inBatch`. */
  readonly entries: readonly number[];
  /** Of the in-batch negatives; null if the config has none. */
  readonly inBatch: number | null;
  /**
   * By entry: the largest n_s·q_s of a drawn row. Draws are distinct, so the corrections are wrong by about this much.
   * Null for lists, and for entries without rows.
   */
  readonly largestExpected: readonly (number | null)[];
  /** Rows whose item no entry of the group can draw, so that `logq_correction` is empty. */
  readonly uncorrected: number;
}
export interface EntryTotals {
  readonly name: string;
  readonly source: string;
  /** After refill. */
  readonly asked: number;
  /** Rows of `asked` that refill added, because other entries missed them. Only for the entry of `refill_from`. */
  readonly refilled?: number;
  readonly drawn: number;
  /** Draws that `distinct` dropped: neither `drawn` nor missing. Only with `distinct`. */
  readonly repeated?: number;
  readonly attempts: number;
  readonly shortfalls: Readonly<Record<ShortfallCause, number>>;
  /** Number of groups with a shortfall. */
  readonly shortGroups: number;
  /**
   * Distance of the entry's expected distribution over items, for all users, to the input of the stage:
   * Jensen–Shannon divergence in bits. Null if undefined.
   */
  readonly distance: number | null;
}

/**
 * The batch of a positive, for a trainer that reads the file from its beginning. It is never written. In a shuffled
 * file, it differs for every seed and epoch.
 * Counts are of positives: an item counts as often as it occurs. Negatives are the other positives of the batch that
 * are not masked.
 */
export interface InBatchGroup {
  /** From 0, in the order of the batches. */
  readonly batch: number;
  /** Number of other positives in the batch. */
  readonly others: number;
  /** Number of others with the same item, which `mask_same_item` leaves out. */
  readonly masked: number;
  /** Number of different items among the negatives. */
  readonly distinct: number;
  /**
   * Negatives that the user chose: items with a positive event of the user from the window's start to the cut, and the
   * group's own item if it is not masked.
   */
  readonly falseNegatives: number;
  /** The most frequent items of the negatives, at most five. `logQ`: log of their share of all positives. */
  readonly items: readonly { readonly item: string; readonly count: number; readonly logQ: number }[];
}
/** In-batch negatives of all groups of the chosen users; `positives` and `batches` count all users. */
export interface InBatchTotals {
  /** Order of the file. */
  readonly order: RowOrder;
  readonly positives: number;
  readonly batches: number;
  readonly negatives: number;
  readonly masked: number;
  readonly falseNegatives: number;
  /** Negatives by popularity bin (`SamplingFacts.bins`). */
  readonly bins: readonly number[];
  /**
   * Same as `EntryTotals.distance`, for the positives of all users, because in-batch negatives have their
   * distribution.
   */
  readonly distance: number | null;
}

/** How the batches involve an item for a user. */
export interface PairInBatch {
  /** Order of the file. */
  readonly order: RowOrder;
  /** Positives of the item, and all positives, over all users. Their ratio is q. */
  readonly times: number;
  readonly positives: number;
  /**
   * Number of the user's groups that have it as an in-batch negative with this seed; how often in total; and the
   * average over all shuffled orders.
   */
  readonly groups: number;
  readonly drawn: number;
  readonly expected: number;
}

/** `logq_correction` of an item over the groups of a user. */
export interface PairCorrections {
  /** Groups in which a row of the item as a negative would have this correction; null if no entry can draw it. */
  readonly negative: CorrectionRange | null;
  /** Groups in which it is a positive, and has a correction. */
  readonly positive: CorrectionRange | null;
  /** Only with in-batch negatives: see `RowCorrections`. */
  readonly logQBatch?: number | null;
}
export interface CorrectionRange {
  readonly groups: number;
  readonly smallest: number;
  readonly largest: number;
}

/** How an entry involves an item for a user. */
export interface PairEntry {
  readonly name: string;
  readonly source: string;
  /** Null if it is in no pool or list of this user. */
  readonly membership: { readonly groups: number; readonly smallestLogQ: number; readonly largestLogQ: number } | null;
  /** What the entry counts for its weights, if the item's count is 0: no such pool has the item. Else absent. */
  readonly noneOf?: string;
  /** Set if the entry excludes it because it is in the user's history. */
  readonly isPast?: true;
  /** For counts that move with the day: the item's count in each table that the groups draw from. */
  readonly dayCounts?: readonly PairDayCount[];
  /** Number of groups that cannot take it, by reason; `absent`: not in the pool or the list of the group. */
  readonly refused: Readonly<Record<Exclude<RejectionReason, 'repeated'> | 'absent', number>>;
  /**
   * Expected rows. Exact for lists. For pools, the sum over groups of 1 − (1 − q)^quota, which ignores that a group's
   * draws are distinct.
   */
  readonly expected: number;
  /** Groups in which this seed draws it. */
  readonly drawnIn: readonly PairDraw[];
}

/** What a table whose counts move with the day counts of an item. */
export interface PairDayCount {
  /** The first day or instant that is not counted, in the zone of the config. */
  readonly before: string;
  /** The values of `group_by` of the counted users; null: all users. */
  readonly pool: string | null;
  readonly count: number;
  /** Groups of the user that draw from this table. */
  readonly groups: number;
}

/** A draw of an item in a group. `pool` and `before`: as for `Why`; only for counts that move with the day. */
export interface PairDraw {
  readonly key: string;
  readonly time: string;
  readonly draw: number;
  /** With `distinct`: the earlier entry whose row of the item stays, so that this draw is not in the file. */
  readonly keptBy?: string;
  readonly pool?: string | null;
  readonly before?: string;
}
