import type { IdTexts } from './idTexts.ts';

/**
 * The data that a plan draws from, as typed arrays. Items are numbered from 0 in the order of their ids (integers
 * ascending, texts by UTF-8 bytes), so comparing numbers compares ids.
 * All times are microseconds since 1970 UTC. Times beyond ±2^53 are rounded, which does not affect any comparison with
 * a group's time.
 * `World` is the same for all users and is loaded once. A `UserBlock` has all rows of some users, and does not depend
 * on which users are in it.
 */
export interface World {
  readonly items: Items;
  /** By entry of the plan; no pools for entries that draw from lists. */
  readonly pools: readonly EntryPools[];
  /** The training cut, µs. */
  readonly cut: number;
  /** Start of the training window; -Infinity if there is none. */
  readonly start: number;
  /** The pool of in-batch negatives. Only for plans with `logq` and `inBatch`. */
  readonly batchPool?: BatchPool;
}

/** Train positives by item, after `downsample_hot` and the cap. An item's share of them is its in-batch probability. */
export interface BatchPool {
  /** Number of positives by item. */
  readonly counts: Float64Array;
  /** Number of all positives: the sum of `counts`. */
  readonly positives: number;
  /** Number of items with at least one positive. */
  readonly items: number;
}

export interface Items {
  readonly count: number;
  /** Two hash words per item: `words(text)` of its id. */
  readonly hashWords: Uint32Array;
  /** By item. -Infinity: exists always; +Infinity: not in the corpus. */
  readonly created: Float64Array;
  /** By item. +Infinity: never removed. */
  readonly removed: Float64Array;
}

/** Items with the texts of their ids. Draws do not need the texts. */
export interface NamedItems extends Items {
  readonly texts: IdTexts;
}

/** Pools of one entry: one for each value of its partition; without a partition, a single pool. */
export interface EntryPools {
  readonly pools: readonly PoolItems[];
  /**
   * For partitions by the positive's attributes: by item, the index of its pool in `pools`; -1 if an attribute is NULL
   * or the item is unknown. Null for other entries.
   */
  readonly ofItem: Int32Array | null;
}

/** The items of a pool with a weight above 0, in ascending order. */
export interface PoolItems {
  /** Value of the partition as exact text; several attributes as `a, b`. Null for the pool without a value. */
  readonly name: string | null;
  /** The value of each user attribute, for partitions by user attributes. */
  readonly values?: readonly string[];
  /** For daily counts: the first day or instant that is no longer counted, in the time zone of the config. */
  readonly before?: string;
  readonly items: Uint32Array;
  /** Integers from 1, by index in `items`; their sum is below 2^53. Null: all items have equal weight. */
  readonly weights: Float64Array | null;
}

/**
 * All rows of some users. Arrays `offsets` give the rows of user or group x: offsets[x] … offsets[x + 1] − 1. So they
 * have one more element.
 */
export interface UserBlock {
  /** Exact texts of the ids, in the order of ids. */
  readonly users: readonly string[];
  /**
   * By entry with a partition by user attributes: the pool index of each user (the pool of all users if the value is
   * unknown). Null for other entries.
   */
  readonly poolOfUser: readonly (Int32Array | null)[];
  /**
   * By entry with daily counts: the pool index of each group, -1 if there is no pool. Null for other entries. Absent if
   * no entry has daily counts.
   */
  readonly poolOfGroup?: readonly (Int32Array | null)[];
  /**
   * Groups of the split, ordered by user, then time, then key. Their positives are those that remain after merging
   * duplicates, `downsample_hot` and the cap.
   */
  readonly groups: Groups;
  /**
   * Excluded items of each user, for each distinct `exclude` of the plan. `excludedOf[entry]` is an index into
   * `excluded`; -1 if the entry excludes nothing.
   */
  readonly excluded: readonly ExcludedItems[];
  readonly excludedOf: readonly number[];
  /**
   * Items with a positive event of the user, from the start of the training window until the end of known outcomes.
   */
  readonly positiveItems: UserItems;
  /** By entry; null for entries that draw from pools. */
  readonly lists: readonly (Lists | null)[];
}

export interface Groups {
  readonly count: number;
  /** Groups of user u: offsets[u] … offsets[u + 1] − 1. */
  readonly offsets: Uint32Array;
  readonly time: Float64Array;
  /**
   * Time of the first log row of the group's request; without a request, the time of the group. Features of a row must
   * be read strictly before this time, because an event at this time may be the row's own outcome.
   */
  readonly readTime: Float64Array;
  /** Two hash words per group: `words(key)`; 0 if nothing is drawn or ordered by them. */
  readonly keyWords: Uint32Array;
  /** Canonical text of the key, with U+001F between its parts. Blocks of columns have no keys, or only some. */
  readonly keys: readonly string[];
  /** Number of the group's request within the block; -1 without a request. Several groups may have the same request. */
  readonly request: Int32Array;
  /** Exact text of the request's id; null without a request. */
  readonly requestText: readonly (string | null)[];
  /**
   * Positive items of group g: positives.offsets[g] … positives.offsets[g + 1] − 1. Unit positive: one item. Unit
   * request: any number of items, ascending. Unit impression: the exposed item, positive or not.
   */
  readonly positives: {
    readonly offsets: Uint32Array;
    readonly items: Uint32Array;
    /** Weight of the event. */
    readonly weights: Float64Array;
    /** Index into `plan.positives.events`; 255 for an exposure without event. */
    readonly events: Uint8Array;
    /** Probability with which `downsample_hot` keeps the positive; NaN without `downsample_hot`. */
    readonly keep: Float64Array;
    /** 1 for a positive event without an impression. Missing if every positive was exposed. */
    readonly unexposed?: Uint8Array;
  };
}

/** Distinct items of each user, in ascending order. */
export interface UserItems {
  readonly offsets: Uint32Array;
  readonly items: Uint32Array;
}

/** Candidates of each user. */
export interface DatedItems extends UserItems {
  /**
   * Time of the first row of the item. It is a candidate for groups with a later read time; -Infinity: for all groups.
   * Null if all items are candidates for all groups.
   */
  readonly since: Float64Array | null;
  /** If `since` is null: times of first exposure, to count candidates that were first shown after the group's time. */
  readonly first?: Float64Array;
}

/** Excluded items of each user. An item is excluded for a group at time t if `last` ≥ t − lookback. */
export interface ExcludedItems extends UserItems {
  /** Time of the newest excluding event, until the end of known outcomes. */
  readonly last: Float64Array;
  /** Microseconds; Infinity without a lookback. */
  readonly lookback: number;
  /** 1 for an item of the user's history. Missing without `exclude.history`. */
  readonly isPast?: Uint8Array;
}

/** Candidates of an entry that draws from lists, before exclusion. A tier that the plan does not use is null. */
export interface Lists {
  /**
   * By request of the block: distinct items, ascending. With channels: distinct items of each channel, by channel.
   */
  readonly request: RequestItems | null;
  /** By user: distinct items, ascending. */
  readonly user: DatedItems | null;
}

export interface RequestItems {
  readonly offsets: Uint32Array;
  readonly items: Uint32Array;
  /** Index into `channels` if channels take turns (`by_channel`); else null. */
  readonly channel: Uint16Array | null;
  /** Distinct channels, ordered by their UTF-8 bytes. */
  readonly channels: readonly string[];
  /** Score for cuts by score, NaN if it is NULL. Null if the plan has no such cut. */
  readonly score: Float64Array | null;
}
