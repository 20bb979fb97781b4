import type { RowOrder } from './placement.ts';
import type { NullReason, PassedCell } from './passedValues.ts';
import type { ShownHistory } from './shownHistories.ts';

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
  /** Quota by entry; entries with quota 0 are missing. */
  readonly quotas: Readonly<Record<string, number>>;
  /** Rows that refill added to the quota of the entry of `refill_from`. Missing if there are none. */
  readonly refilled?: number;
  /** Shortfall by entry, only for entries that have one. */
  readonly shortfall: Readonly<Record<string, Shortfall>>;
  /** Draws that `distinct` dropped because an earlier entry has the item. Missing if there are none. */
  readonly repeated?: readonly { readonly entry: string; readonly item: string }[];
  /** Only if the config has in-batch negatives. */
  readonly inBatch?: InBatchGroup;
  /** By sequence of `Preview.sequences`. Only if the file has sequences. */
  readonly histories?: readonly ShownHistory[];
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
  /** Only if the stage has a teacher; null if it has no value for the row. */
  readonly teacher?: number | null;
  /** Why the teacher has no value. */
  readonly teacherReason?: NullReason;
  /**
   * By event of `StagePlan.outcomes`; null if the outcome is not known yet. Missing if the stage has no such events.
   */
  readonly outcomes?: readonly (0 | 1 | null)[];
  /** Values of the copied columns, in the order of `PassedValues.columns`. Only if the request names columns. */
  readonly passed?: readonly PassedCell[];
  readonly why: Why;
}

/** Log q corrections that the trainer subtracts from the logit. Null: no entry of the group can draw the item. */
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
   * everything acceptable for the group. `size`: number of items in the pool. `pool`: the values of its users; null:
   * all users. `before`: the day or time before which its counts end; only for counts that move with the day.
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

/** Number of rows with a teacher value, by entry. `entry` is null for the positives. */
export interface TeacherCoverage {
  readonly entry: string | null;
  /** Number of rows inside `teacher.on`. */
  readonly trusted: number;
  /** Number of trusted rows that have a value. */
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
/** Share of each entry in the loss while all scores are equal, after the log q correction. */
export interface EffectiveShares {
  /** By entry of the plan: its share of Σ exp(−logq_correction), averaged over groups. Sums to 1 with `inBatch`. */
  readonly entries: readonly number[];
  /** Share of the in-batch negatives; null if the config has none. */
  readonly inBatch: number | null;
  /**
   * By entry: the largest quota × probability (n_s·q_s) of a drawn row. Corrections are wrong by about this much,
   * because draws are distinct. Null for lists and for entries without rows.
   */
  readonly largestExpected: readonly (number | null)[];
  /** Rows whose item no entry of the group can draw, so that `logq_correction` is empty. */
  readonly uncorrected: number;
}
export interface EntryTotals {
  readonly name: string;
  readonly source: string;
  /** Requested rows, after refill. */
  readonly asked: number;
  /** Rows of `asked` that refill added for the shortfalls of other entries. Only for the entry of `refill_from`. */
  readonly refilled?: number;
  readonly drawn: number;
  /** Draws that `distinct` dropped: neither `drawn` nor missing. Only with `distinct`. */
  readonly repeated?: number;
  readonly attempts: number;
  readonly shortfalls: Readonly<Record<ShortfallCause, number>>;
  /** Number of groups with a shortfall. */
  readonly shortGroups: number;
  /**
   * Jensen–Shannon divergence in bits between the stage input and the entry's expected distribution over items, for all
   * users. Null if undefined.
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

/** An item as in-batch negative of a user. */
export interface PairInBatch {
  /** Order of the file. */
  readonly order: RowOrder;
  /** Number of positives with the item, and of all positives, over all users. Their ratio is q. */
  readonly times: number;
  readonly positives: number;
  /**
   * With this seed: number of the user's groups that have the item as in-batch negative (`groups`), and how often in
   * total (`drawn`). `expected`: average of `drawn` over all shuffled orders.
   */
  readonly groups: number;
  readonly drawn: number;
  readonly expected: number;
}

/** `logq_correction` of an item over the groups of a user. */
export interface PairCorrections {
  /** Range over the groups where the item is not a positive; null if no entry can draw the item. */
  readonly negative: CorrectionRange | null;
  /** Range over the groups where the item is a positive and has a correction; null if there are none. */
  readonly positive: CorrectionRange | null;
  /** Only with in-batch negatives: see `RowCorrections`. */
  readonly logQBatch?: number | null;
}
export interface CorrectionRange {
  readonly groups: number;
  readonly smallest: number;
  readonly largest: number;
}

/** An item in the pools or lists that an entry uses for a user. */
export interface PairEntry {
  readonly name: string;
  readonly source: string;
  /** Null if the item is in no pool or list of this user. */
  readonly membership: { readonly groups: number; readonly smallestLogQ: number; readonly largestLogQ: number } | null;
  /** The event that the entry counts, if the item's count is 0, so that no pool has it. Missing otherwise. */
  readonly noneOf?: string;
  /** Set if the entry excludes the item because it is in the user's history. */
  readonly isPast?: true;
  /** For counts that move with the day: the item's count in each table that the groups draw from. */
  readonly dayCounts?: readonly PairDayCount[];
  /** Number of groups that cannot draw the item, by reason; `absent`: not in the pool or the list of the group. */
  readonly refused: Readonly<Record<Exclude<RejectionReason, 'repeated'> | 'absent', number>>;
  /**
   * Expected rows. Exact for lists. For pools, the sum over groups of 1 − (1 − q)^quota, which ignores that a group's
   * draws are distinct.
   */
  readonly expected: number;
  /** Draws of the item with this seed. */
  readonly drawnIn: readonly PairDraw[];
}

/** Count of an item in a popularity table that is rebuilt every day. */
export interface PairDayCount {
  /** The first day or instant that is not counted, in the zone of the config. */
  readonly before: string;
  /** `group_by` values of the counted users; null: all users are counted. */
  readonly pool: string | null;
  readonly count: number;
  /** Groups of the user that draw from this table. */
  readonly groups: number;
}

/** A draw of an item in a group. `pool` and `before`: see `Why`; only for tables that are rebuilt every day. */
export interface PairDraw {
  readonly key: string;
  readonly time: string;
  readonly draw: number;
  /** With `distinct`: the earlier entry that already has the item, so that this draw is not in the file. */
  readonly keptBy?: string;
  readonly pool?: string | null;
  readonly before?: string;
}
