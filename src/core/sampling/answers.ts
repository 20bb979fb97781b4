import type { Message } from '../report/message.ts';
import type { DrawnUser, InBatchTotals, PairEntry, PairInBatch, PreviewTotals } from './drawn.ts';

/** What a plan draws for some users. Ids are exact text, times ISO 8601 in UTC with microseconds. */
export interface Preview {
  readonly users: readonly PreviewUser[];
  readonly totals: PreviewTotals;
  /** Where the config has in-batch negatives. */
  readonly inBatch?: InBatchTotals;
  readonly facts: SamplingFacts;
  /** What a person must know: rows left out, collapsed, stand-ins for unknown groups. */
  readonly notices: readonly Message[];
  /** Of drawing alone, and of all that the engine did for this answer. */
  readonly milliseconds: { readonly drawing: number; readonly total: number };
}

export interface PreviewUser extends DrawnUser {
  /** False: no rows in the log, and no candidates. */
  readonly known: boolean;
  /** Impressions, and those with a positive event, in the window of the split. */
  readonly shown: number;
  readonly chosen: number;
  readonly attributes: Readonly<Record<string, string | null>>;
}

/** Of all users. */
export interface SamplingFacts {
  /** ISO 8601 in UTC. */
  readonly cut: string;
  /** Items of the corpus. */
  readonly corpus: number;
  /**
   * Groups of all users in the window of the split, and their positives; before `downsample_hot`, the cap and
   * `downsample`.
   */
  readonly groups: number;
  readonly positives: number;
  /**
   * Bins of popularity, hottest first, by the count of the heaviest positive event up to the cut: `to[k]` is the share
   * of the corpus (0 to 1] up to the end of bin k; `corpus[k]` its items, `positives[k]` the positives of all users in
   * it.
   */
  readonly bins: {
    readonly to: readonly number[];
    readonly corpus: readonly number[];
    readonly positives: readonly number[];
  };
  /** JS(exposures, stage input) in bits; null where the stage input is the exposures. */
  readonly exposureBias: number | null;
  /** What is shown beside the ids of the items that the answer names. */
  readonly items: Readonly<Record<string, ItemFacts>>;
}
export interface ItemFacts {
  readonly title: string | null;
  readonly attributes: Readonly<Record<string, string | null>>;
  /** Share of the corpus that is at most as hot, 0 to 100; null for items that it does not know. */
  readonly percentile: number | null;
}

/** Why an item is, or is not, a negative of a user. */
export interface PairExplanation {
  readonly user: { readonly known: boolean; readonly groups: number };
  /** Null where the corpus does not know it. Times ISO 8601 in UTC. */
  readonly item: ({ readonly created: string | null; readonly removed: string | null } & ItemFacts) | null;
  /** What the user did with it, in the whole log: by event name, and `impressions`; with the first and last time. */
  readonly history: readonly {
    readonly event: string;
    readonly times: number;
    readonly first: string;
    readonly last: string;
  }[];
  /** Groups in which it is a positive. */
  readonly positiveIn: number;
  readonly entries: readonly PairEntry[];
  /** Expected number of rows over all groups of the user, of all entries; and how many this seed and epoch draw. */
  readonly expected: number;
  readonly drawn: number;
  /** Where the config has in-batch negatives, which are not among `entries`, `expected` and `drawn`. */
  readonly inBatch?: PairInBatch;
  /** What a person must know of the data: rows that do not fit, or were left out. */
  readonly notices: readonly Message[];
}
