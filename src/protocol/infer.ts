import type { AuditRequest } from './audit.ts';

/** A finished sample, and what its audit found. */
export interface InferRequest extends AuditRequest {
  /** With which negatives that the user was not shown follow the positives; 0: uniform. Null: not known. */
  readonly exponent: number | null;
}

/** Counts that a pool may weight its items by. */
export interface PoolCounts {
  /** Attribute of the users with a table for each of its values; null: one table for all users. */
  readonly groupBy: string | null;
  /** `day`: the counts before the day of the row. */
  readonly asOf: 'cut' | 'day';
  /** Days; null: the whole log. */
  readonly window: number | null;
}

/** The counts that explain the draws of a pool best, and the exponent with which the draws follow them. */
export interface InferredPool extends PoolCounts {
  readonly entry: string;
  readonly rows: number;
  /** Rows whose item has no count, so that these counts cannot have drawn it. */
  readonly impossible: number;
  readonly exponent: { readonly value: number; readonly low: number; readonly high: number } | null;
}

/** What the rows of a finished sample say about the options of its stage. */
export interface InferAnswer {
  /** The source of each entry, as the file names it. A file without entries has sources, without sources classes. */
  readonly sources: readonly { readonly entry: string; readonly source: string }[];
  /** Rows of positives, and those with a positive event of the log. */
  readonly positives: { readonly rows: number; readonly inLog: number };
  readonly popularity: readonly InferredPool[];
  /**
   * Shares of the draws from the corpus that by chance are items that their user was shown and did not choose, and items
   * that their user chose. Null if the file names sources, or if the exponent is not known.
   */
  readonly byChance: { readonly shown: number; readonly chosen: number } | null;
  /** Attributes with one value in all draws from the corpus. `share`: of the corpus. */
  readonly constant: readonly {
    readonly attribute: string;
    readonly value: string;
    readonly share: number;
    readonly rows: number;
  }[];
  /** Negatives of exposures, those that the user viewed, and the share of the log's exposures that users viewed. */
  readonly viewed: { readonly rows: number; readonly viewed: number; readonly share: number } | null;
  /** Exposures of the split without a positive event: all, and those that the user viewed. */
  readonly unclicked: { readonly all: number; readonly viewed: number | null };
  /** Smallest and largest weight of the negatives; null without weights. */
  readonly weights: { readonly low: number; readonly high: number } | null;
}
