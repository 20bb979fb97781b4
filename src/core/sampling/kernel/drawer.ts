import type { ShortfallCause } from '../drawn.ts';
import type { CurrentGroup } from './currentGroup.ts';
import type { Trace } from './trace.ts';

/** Why an attempt is rejected. If several reasons apply, the first in this order counts. */
export const Refusal = { positive: 0, excluded: 1, ineligible: 2, repeated: 3 } as const;
export type Refusal = (typeof Refusal)[keyof typeof Refusal];

/** Status of an item for an entry in a group: why it is refused, that it is absent, or that it can be drawn. */
export type Standing = 'positive' | 'excluded' | 'ineligible' | 'absent' | 'acceptable';

/** Draws the negatives of one entry, group by group. Its values refer to the group of the last `prepare`. */
export interface Drawer {
  /** Rows of this group, in the order of their draws. */
  readonly rowCount: number;
  readonly items: Uint32Array;
  /** Number of attempts for this group. */
  readonly attempts: number;
  /** Refused attempts by `Refusal`, over all groups. */
  readonly refusals: Float64Array;
  /** Starts a user whose groups run from `first` to `last`, µs. */
  startUser(user: number, first: number, last: number): void;
  /** Determines what is acceptable for a group. Groups of a user must come in time order. */
  prepare(group: CurrentGroup, quota: number): void;
  /** Draws `quota` rows, or as many as are available. @returns false if it was cancelled */
  draw(group: CurrentGroup, trace: Trace | null, isCancelled: () => boolean): boolean;
  /** Cause of a shortfall of this group. */
  cause(): ShortfallCause;
  /** Probability that one draw gives the item at place `k` of `items`. */
  chanceOfDraw(k: number): number;
  /**
   * Writes the log of `chanceOfDraw` of each row to `out`, starting at `at`; also to `mix` if the mixed log is the
   * same.
   */
  logChances(out: Float64Array, mix: Float64Array | null, at: number): void;
  /** Number of items that a pool can give to this group; null for lists. */
  readonly acceptable: number | null;
  /** Probability that one draw gives the item; 0 if it is impossible. */
  chance(item: number, group: CurrentGroup): number;
  /**
   * Same as `chance`, for a positive of the group that is treated as drawable.
   * @param ownExposure whether the exposure of the positive counts as one more candidate of a list of exposures
   */
  chancePutBack(item: number, group: CurrentGroup, ownExposure?: boolean): number;
  /** Expected rows of an item in a group. */
  expected(item: number, group: CurrentGroup): number;
  standing(item: number, group: CurrentGroup): Standing;
  /** Records in the trace how the row at place `k` was drawn. */
  describe(k: number, row: number, trace: Trace): void;
}
