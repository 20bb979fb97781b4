import type { IdTexts } from './idTexts.ts';

/**
 * The data that a plan draws from, as typed arrays over item numbers.
 * Item numbers are in pool order: integers ascending, texts by UTF-8 bytes. So comparing numbers compares ids.
 * Times are microseconds since 1970 UTC. Times beyond ±2^53 are rounded, which does not affect any comparison with a
 * group's time.
 * `World` is the same for every user and is loaded once. A `UserBlock` holds all rows of some users; nothing in it
 * depends on which other users it has.
 */
export interface World {
  readonly items: Items;
  /** By entry of the plan: its pools, empty for lists. */
  readonly pools: readonly EntryPools[];
  /** The training cut, µs. */
  readonly cut: number;
  /** Start of the training window; -Infinity if there is none. */
  readonly start: number;
  /** The train positives as a pool of in-batch negatives; only for plans with `logq` and `inBatch`. */
  readonly batchPool?: BatchPool;
}

/** Train positives by item, after `downsample_hot` and the cap. The share of an item is the chance of one in-batch draw. */
export interface BatchPool {
  /** Number of positives by item. */
  readonly counts: Float64Array;
  /** Their sum, and the number of items with a positive. */
  readonly positives: number;
  readonly items: number;
}

export interface Items {
  readonly count: number;
  /** `words(text)`: two words per item. */
  readonly words: Uint32Array;
  /** -Infinity: exists always; +Infinity: not in the corpus. */
  readonly created: Float64Array;
  /** +Infinity: never. */
  readonly removed: Float64Array;
}

/** Items with their texts, which no draw needs. */
export interface NamedItems extends Items {
  readonly texts: IdTexts;
}

/** Pools of one entry: one per value of its partition, or a single one. */
export interface EntryPools {
  readonly pools: readonly PoolItems[];
  /**
   * For partitions by the positive's attributes: the pool of each item, -1 if it has none (attribute NULL, or item
   * unknown). Else null.
   */
  readonly ofItem: Int32Array | null;
}

/** Items with weight above 0, ascending. */
export interface PoolItems {
  /** Value of the partition as exact text, `a, b` for several values; null for the pool of all. */
  readonly name: string | null;
  /** The values one by one, for partitions by user attributes. */
  readonly values?: readonly string[];
  /** For counts that move with the day: the first day or instant that is not counted, in the zone of the config. */
  readonly before?: string;
  readonly items: Uint32Array;
  /** Integers from 1; their sum is below 2^53. Null: uniform. */
  readonly weights: Float64Array | null;
}

/**
 * All rows of some users. Offset arrays have one more element than what they count: rows of x are offsets[x] …
 * offsets[x + 1] − 1.
 */
export interface UserBlock {
  /** Exact texts of the ids, in the order of ids. */
  readonly users: readonly string[];
  /**
   * By entry: the pool of each user for partitions by a user's attribute (the pool of all if the value is unknown);
   * else null.
   */
  readonly poolOfUser: readonly (Int32Array | null)[];
  /**
   * By entry: the pool of each group for counts that move with the day, -1 if there is none; else null. Absent if no
   * entry has such counts.
   */
  readonly poolOfGroup?: readonly (Int32Array | null)[];
  /**
   * Groups of the split, with positives after collapsing, `downsample_hot` and the cap; ordered by user, then time,
   * then key.
   */
  readonly groups: Groups;
  /**
   * Distinct items excluded for a user, one set per distinct `exclude` of the plan. `excludedOf[entry]` is an index
   * into `excluded`, -1 for `none`.
   */
  readonly excluded: readonly ExcludedItems[];
  readonly excludedOf: readonly number[];
  /**
   * Distinct items with a positive event of the user, from the start of the training window until outcomes are known.
   */
  readonly chosen: UserItems;
  /** By entry; null for pools. */
  readonly lists: readonly (Lists | null)[];
}

export interface Groups {
  readonly count: number;
  /** Groups of user u: offsets[u] … */
  readonly offsets: Uint32Array;
  readonly time: Float64Array;
  /**
   * The earliest time at which the log knows of the group's request; without a request the time of the group. What is
   * read for a row is read strictly before it: an event at this time may be the row's own outcome.
   */
  readonly readTime: Float64Array;
  /** `words(key)`: two words per group. */
  readonly words: Uint32Array;
  /** Canonical text of the key, with U+001F between its parts. */
  readonly keys: readonly string[];
  /** Number of the request within the block, -1 if there is none. Groups of one request have the same number. */
  readonly request: Int32Array;
  /** Exact text of the request's id; null if there is none. */
  readonly requestText: readonly (string | null)[];
  /**
   * Positive items of group g: positives.offsets[g] … Unit positive: one. Unit request: any number, ascending. Unit
   * impression: the exposure itself, whether positive or not.
   */
  readonly positives: {
    readonly offsets: Uint32Array;
    readonly items: Uint32Array;
    /** Weight of the event. */
    readonly weights: Float64Array;
    /** Index into `plan.positives.events`; 255 for an exposure without event. */
    readonly events: Uint8Array;
    /** Probability that `downsample_hot` keeps it; NaN without it. */
    readonly keep: Float64Array;
    /** 1 for an event without an impression. Missing if every positive was exposed. */
    readonly unexposed?: Uint8Array;
  };
}

/** Distinct items of each user, ascending. */
export interface UserItems {
  readonly offsets: Uint32Array;
  readonly items: Uint32Array;
}

/** Items from which the entries of a user draw. */
export interface DatedItems extends UserItems {
  /**
   * Time of the first row of the item, µs: it is a candidate of groups with a later read time; -Infinity: of all.
   * Null if all are candidates of all groups.
   */
  readonly since: Float64Array | null;
  /** The same times of exposures that are candidates of all groups, to count those that come later. */
  readonly first?: Float64Array;
}

/** An item is excluded at t if `last` ≥ t − lookback. */
export interface ExcludedItems extends UserItems {
  /** Time of the newest such event until outcomes are known. */
  readonly last: Float64Array;
  /** µs; Infinity if there is none. */
  readonly lookback: number;
  /** 1 for an item of the user's history. Missing without `exclude.history`. */
  readonly isPast?: Uint8Array;
}

/** Candidates of a list, before acceptance is checked. Tiers that the plan does not have are null. */
export interface Lists {
  /**
   * By request of the block: distinct items, ascending. With channels: distinct (channel, item), channels ascending.
   */
  readonly request: RequestItems | null;
  /** By user: distinct items, ascending. */
  readonly user: DatedItems | null;
}

export interface RequestItems {
  readonly offsets: Uint32Array;
  readonly items: Uint32Array;
  /** Index into `channels` if channels take turns; else null. */
  readonly channel: Uint16Array | null;
  /** Distinct channels, ordered by their UTF-8 bytes. */
  readonly channels: readonly string[];
  /** Score for cuts by score, NaN for NULL; else null. */
  readonly score: Float64Array | null;
}
