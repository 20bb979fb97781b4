import type { IdTexts } from './idTexts.ts';

/**
 * What a plan draws from, as typed arrays over item numbers. Item numbers run in pool order: integers ascending, texts
 * by UTF-8 bytes, so comparing numbers compares ids. Times are microseconds since 1970 UTC; times beyond ±2^53 are
 * rounded, which no comparison with a group's time can notice.
 * `World` is the same for every user and is loaded once; a `UserBlock` holds all rows of some users. Nothing in a block
 * depends on which other users are in it.
 */
export interface World {
  readonly items: Items;
  /** By entry of the plan: its pools, empty for lists. */
  readonly pools: readonly EntryPools[];
  /** The training cut, µs. */
  readonly cut: number;
  /** Start of the training window; -Infinity without one. */
  readonly start: number;
}

export interface Items {
  readonly count: number;
  /** `words(text)`: two words an item. */
  readonly words: Uint32Array;
  /** -Infinity: always; +Infinity: not in the corpus. */
  readonly created: Float64Array;
  /** +Infinity: never. */
  readonly removed: Float64Array;
}

/** Items and what they are called, which no draw asks. */
export interface NamedItems extends Items {
  readonly texts: IdTexts;
}

/** Pools of one entry: one for each value of its partition, else one. */
export interface EntryPools {
  readonly pools: readonly PoolItems[];
  /**
   * For partitions by the positive's attributes: the pool of each item, -1 where it has none (attribute NULL, or item
   * unknown). Else null.
   */
  readonly ofItem: Int32Array | null;
}

/** Items with weight above 0, ascending. */
export interface PoolItems {
  /** What the partition is for: exact text of the value, `a, b` of several; null for the pool of all. */
  readonly name: string | null;
  readonly items: Uint32Array;
  /** Integers from 1; their sum stays below 2^53. Null: uniform. */
  readonly weights: Float64Array | null;
}

/**
 * All rows of some users. Offsets have one entry more than what they count: rows of x are offsets[x] … offsets[x + 1] −
 * 1.
 */
export interface UserBlock {
  /** Exact text of ids, in the order of ids. */
  readonly users: readonly string[];
  /**
   * By entry: the pool of each user for partitions by a user's attribute (the pool of all where the value is unknown);
   * else null.
   */
  readonly poolOfUser: readonly (Int32Array | null)[];
  /** Groups of the split, positives after collapsing, `downsample_hot` and the cap; by user, then time, then key. */
  readonly groups: Groups;
  /**
   * Distinct items excluded for a user, one for each distinct `exclude` of the plan: `excludedOf[entry]` is an index
   * into `excluded`, -1 for `none`.
   */
  readonly excluded: readonly ExcludedItems[];
  readonly excludedOf: readonly number[];
  /**
   * Distinct items with a positive event of the user from the start of the training window until outcomes are known.
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
  /** `words(key)`: two words a group. */
  readonly words: Uint32Array;
  /** Canonical text of the key, U+001F between its parts. */
  readonly keys: readonly string[];
  /** Number of the request within the block, -1 without one. Two groups of one request have the same. */
  readonly request: Int32Array;
  /** Exact text of the request's id; null without one. */
  readonly requestText: readonly (string | null)[];
  /**
   * Positive items of group g: positives.offsets[g] … One in the unit positive; any number, ascending, in the unit
   * request. In the unit impression the exposure itself, be it positive or not.
   */
  readonly positives: {
    readonly offsets: Uint32Array;
    readonly items: Uint32Array;
    /** Weight of the event. */
    readonly weights: Float64Array;
    /** Index into `plan.positives.events`; 255 for an exposure without event. */
    readonly events: Uint8Array;
    /** Probability with which `downsample_hot` keeps it; NaN without. */
    readonly keep: Float64Array;
  };
}

/** Distinct items of each user, ascending. */
export interface UserItems {
  readonly offsets: Uint32Array;
  readonly items: Uint32Array;
}

/** An item is excluded at t when `last` ≥ t − lookback. */
export interface ExcludedItems extends UserItems {
  /** Time of the newest such event until outcomes are known. */
  readonly last: Float64Array;
  /** µs; Infinity without one. */
  readonly lookback: number;
}

/** Candidates of a list, before what is acceptable is known. Tiers that the plan does not have are null. */
export interface Lists {
  /** By request of the block: distinct items ascending; with channels, distinct (channel, item), channels ascending. */
  readonly request: RequestItems | null;
  /** By user: distinct items ascending. */
  readonly user: UserItems | null;
}

export interface RequestItems {
  readonly offsets: Uint32Array;
  readonly items: Uint32Array;
  /** Index into `channels` for turns by channel; else null. */
  readonly channel: Uint16Array | null;
  /** Distinct channels in the order of their UTF-8 bytes. */
  readonly channels: readonly string[];
  /** Score for cuts by score, NaN for NULL; else null. */
  readonly score: Float64Array | null;
}
