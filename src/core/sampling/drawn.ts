/** What a plan draws for one user. Ids are exact text, times ISO 8601 in UTC with microseconds. */
export interface DrawnUser {
  readonly user: string;
  /** Groups in all; `groups` may be fewer. */
  readonly groupCount: number;
  /** In the unit impression without exposures that `downsample` left out. */
  readonly groups: readonly PreviewGroup[];
}

export interface PreviewGroup {
  /** Canonical text, U+001F between its parts. */
  readonly key: string;
  /** The positive of the unit positive, the item of the unit impression; null in the unit request. */
  readonly item: string | null;
  readonly request: string | null;
  readonly time: string;
  /** Positives first, then by entry name, then by draw. */
  readonly rows: readonly PreviewRow[];
  /** By entry, of those that asked for some. */
  readonly quotas: Readonly<Record<string, number>>;
  /** By entry, of those that fell short. */
  readonly shortfall: Readonly<Record<string, Shortfall>>;
  /** Where the config has in-batch negatives. */
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
  readonly weight: number;
  /** Of positives under `downsample_hot`; else null. */
  readonly keepProbability: number | null;
  readonly why: Why;
}

/** Why a row is there. */
export type Why =
  | { readonly kind: 'positive'; readonly event: string }
  /** Unit impression: `label` 0 or 1 as shown. */
  | { readonly kind: 'exposure'; readonly event: string | null }
  /**
   * `attempt` from 0; `u` of that attempt. `weight` of `total`: of what is acceptable for the group. `size`: items of
   * the pool.
   */
  | {
      readonly kind: 'pool';
      readonly attempt: number;
      readonly u: number;
      readonly weight: number;
      readonly total: number;
      readonly size: number;
      readonly pool: string | null;
      readonly rejected: readonly Rejection[];
    }
  /** `rank` of `size` acceptable candidates of the tier, in keyed order, from 0. `channel`: whose turn it was. */
  | {
      readonly kind: 'list';
      readonly tier: 'request' | 'user';
      readonly rank: number;
      readonly size: number;
      readonly channel: string | null;
    };

/** An attempt between the draw before and this one that was not accepted. */
export interface Rejection {
  readonly attempt: number;
  readonly item: string;
  readonly reason: RejectionReason;
}
/**
 * `positive`: it is the group's own; `excluded`: by the user's events; `ineligible`: not in the corpus at that time;
 * `repeated`: drawn before.
 */
export type RejectionReason = 'positive' | 'excluded' | 'ineligible' | 'repeated';

export interface PreviewTotals {
  readonly groups: number;
  readonly positives: number;
  readonly negatives: number;
  /** In the order of the plan. `share`: of the negatives asked for, where the config says shares. */
  readonly entries: readonly EntryTotals[];
  readonly rejections: Readonly<Record<RejectionReason, number>>;
  /** Rows by popularity bin (`SamplingFacts.bins`): positives, then each entry of the plan. */
  readonly positiveBins: readonly number[];
  readonly entryBins: readonly (readonly number[])[];
}
export interface EntryTotals {
  readonly name: string;
  readonly source: string;
  readonly asked: number;
  readonly drawn: number;
  readonly attempts: number;
  readonly shortfalls: Readonly<Record<ShortfallCause, number>>;
  /** Groups that fell short. */
  readonly shortGroups: number;
  /**
   * 1 − JS(entry, stage input) / JS(exposures, stage input), over items, of the entry's expected distribution over all
   * users; null where it is not defined.
   */
  readonly biasRemoved: number | null;
}

/**
 * The batch of a positive as a trainer makes it of the file, another for every seed and epoch; never written. Counts
 * are of positives: an item counts as often as it is there. Negatives are the others of the batch that are not masked.
 */
export interface InBatchGroup {
  /** From 0, in the order of the batches. */
  readonly batch: number;
  /** Other positives of the batch. */
  readonly others: number;
  /** Of the others, those of the same item, which `mask_same_item` leaves out. */
  readonly masked: number;
  /** Different items among the negatives. */
  readonly distinct: number;
  /**
   * Negatives that the user chose: items with a positive event of theirs from the window's start to the cut, and the
   * group's own where it is not masked.
   */
  readonly falseNegatives: number;
  /** The most frequent items of the negatives, at most five. `logQ`: of their share of all positives. */
  readonly items: readonly { readonly item: string; readonly count: number; readonly logQ: number }[];
}
/** In-batch negatives of all groups of the chosen users; `positives` and `batches` of all users. */
export interface InBatchTotals {
  readonly positives: number;
  readonly batches: number;
  readonly negatives: number;
  readonly masked: number;
  readonly falseNegatives: number;
  /** Negatives by popularity bin (`SamplingFacts.bins`). */
  readonly bins: readonly number[];
  /** As `EntryTotals.biasRemoved`; of the positives of all users, as which in-batch negatives are distributed. */
  readonly biasRemoved: number | null;
}

/** What the batches have to do with an item of a user. */
export interface PairInBatch {
  /** Positives of the item, and all, of all users: its share is q. */
  readonly times: number;
  readonly positives: number;
  /**
   * Groups of the user that have it as an in-batch negative with this seed, how often together, and how often over all
   * seeds on average.
   */
  readonly groups: number;
  readonly drawn: number;
  readonly expected: number;
}

/** What an entry has to do with an item of a user. */
export interface PairEntry {
  readonly name: string;
  readonly source: string;
  /** Null: not a member of any pool or list of this user. */
  readonly membership: { readonly groups: number; readonly smallestLogQ: number; readonly largestLogQ: number } | null;
  /** Groups that cannot take it, by reason; `absent`: not in the pool or the list of the group. */
  readonly refused: Readonly<Record<Exclude<RejectionReason, 'repeated'> | 'absent', number>>;
  /**
   * Expected rows: for lists exact, for pools the sum over groups of 1 − (1 − q)^quota, which neglects that a group's
   * draws are distinct.
   */
  readonly expected: number;
  /** Groups in which this seed draws it. */
  readonly drawnIn: readonly { readonly key: string; readonly time: string; readonly draw: number }[];
}
