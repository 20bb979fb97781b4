import type { ShortfallCause } from '../drawn.ts';
import type { CurrentGroup } from './currentGroup.ts';
import type { Trace } from './trace.ts';

/** Why an attempt is not accepted. In this order: the first that holds is the reason. */
export const Refusal = { positive: 0, excluded: 1, ineligible: 2, repeated: 3 } as const;
export type Refusal = (typeof Refusal)[keyof typeof Refusal];

/** How an item stands to an entry in a group: why it is refused, or not there at all, or that it can be drawn. */
export type Standing = 'positive' | 'excluded' | 'ineligible' | 'absent' | 'acceptable';

/**
 * Draws the negatives of one entry, for one group after the other. What it says holds for the group of the last
 * `prepare`.
 */
export interface Drawer {
  /** Rows of this group, in the order of their draws. */
  readonly filled: number;
  readonly items: Uint32Array;
  /** Attempts made for this group. */
  readonly attempts: number;
  /** Refused attempts by `Refusal`, of all groups. */
  readonly refusals: Float64Array;
  /** Begins with a user whose groups run from `first` to `last`, µs. */
  startUser(user: number, first: number, last: number): void;
  /** Finds what is acceptable for a group. Groups of a user come in the order of their times. */
  prepare(group: CurrentGroup, quota: number): void;
  /** Draws `quota` rows, or as many as there are. @returns false where it was cancelled */
  draw(group: CurrentGroup, trace: Trace | null, isCancelled: () => boolean): boolean;
  /** What a gap of this group is due to. */
  cause(): ShortfallCause;
  /** Probability that one draw gives the item at place `k` of `items`. */
  chanceOfDraw(k: number): number;
  /**
   * Writes the log of `chanceOfDraw` of each row to `out`, from place `at` on; and to `mix`, where it is that of the
   * mix too.
   */
  logChances(out: Float64Array, mix: Float64Array | null, at: number): void;
  /** Probability that one draw gives the item; 0 where it cannot. */
  chance(item: number, group: CurrentGroup): number;
  /** The same for a positive of the group, put back among what can be drawn. */
  chancePutBack(item: number, group: CurrentGroup): number;
  /** Expected rows of an item in a group. */
  expected(item: number, group: CurrentGroup): number;
  standing(item: number, group: CurrentGroup): Standing;
  /** Writes how the row at place `k` came about. */
  describe(k: number, row: number, trace: Trace): void;
}
