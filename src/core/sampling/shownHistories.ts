import type { HistoryLimits, LeftOut } from './kernel/histories.ts';

/** A behaviour sequence of the sample file, as previews show it. Durations are in microseconds. */
export interface ShownSequence extends HistoryLimits {
  readonly name: string;
  /** Column of the events that steps have in place of an item. Missing: steps have items. */
  readonly value?: string;
  readonly availableAfter: number;
  readonly asOf: 'request' | 'day';
  readonly isNewestFirst: boolean;
  /** Names of `ShownStep.values`. */
  readonly columns: readonly string[];
}

/** A step of a sequence. */
export interface ShownStep {
  readonly item: string;
  /** ISO 8601 in UTC with microseconds. */
  readonly time: string;
  /** Exact texts of the further columns; null for NULL. */
  readonly values: readonly (string | null)[];
}

/** The history of a group in one sequence. */
export interface ShownHistory {
  /** ISO 8601 in UTC with microseconds. Steps before the cut-off are visible. */
  readonly readTime: string;
  readonly cutOff: string;
  /** Indices of the user's steps, the oldest first. */
  readonly steps: readonly number[];
  /** By step: 0 for the session of the group itself, 1 for the session before. Null without sessions. */
  readonly sessions: readonly number[] | null;
  /** Number of all other steps of the user in this sequence, by reason. */
  readonly leftOut: Readonly<Record<LeftOut, number>>;
  /** The steps of `leftOut` nearest to the cut-off on each side, in the order of time, by index of the user's steps. */
  readonly nearest: readonly { readonly step: number; readonly reason: LeftOut }[];
}

/** Why an item is not in the history of a group: the reason of its newest step. `later`: it first came after the request. */
export type ItemLeftOut = LeftOut | 'later';

/** An item in the histories of all groups of a user, for one sequence. */
export interface PairHistory {
  readonly sequence: ShownSequence;
  /** Number of groups, and of those with the item in their history. */
  readonly groups: number;
  readonly within: number;
  /** The other groups, by reason. Empty if no step of the user has the item. */
  readonly leftOut: Readonly<Partial<Record<ItemLeftOut, LeftOutGroups>>>;
}

/** Groups without the item, and the first of them. Times are ISO 8601 in UTC with microseconds. */
export interface LeftOutGroups {
  readonly groups: number;
  readonly first: {
    readonly time: string;
    readonly requestTime: string;
    readonly cutOff: string;
    /** The newest step of the item before the request; for `later` and `ownRequest`, the next one. */
    readonly step: string;
  };
}
