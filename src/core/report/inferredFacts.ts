import type { SampleColumns } from '../audit/sampleColumns.ts';
import type { ImpliedUnit } from '../audit/metrics/implied.ts';
import type { Message } from '../message/message.ts';
import type { Stage } from '../schema/stage.ts';

export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Negatives of an entry of a finished sample. Without entries in the file: of a source, or of an inferred class. */
export interface InferredEntry {
  readonly name: string;
  /** A source of RecSample, or an inferred class. */
  readonly source: string;
  readonly share: Estimate;
  readonly rows: number;
  /** Number of negatives per group: quantiles. Null without groups. */
  readonly perGroup: { readonly p5: number; readonly p50: number; readonly p95: number } | null;
  /** Attributes that every row shares with its positive. */
  readonly sharedAttributes: readonly string[];
  readonly pool: {
    readonly groupBy: string | null;
    readonly asOf: 'cut' | 'day';
    readonly window: number | null;
    readonly rows: number;
    readonly impossible: number;
    readonly exponent: Estimate | null;
  } | null;
}

/** Facts about a finished sample from which a config can be inferred. */
export interface InferredFacts {
  readonly stage: Stage;
  readonly stageBecause: Message;
  readonly sample: SampleColumns & { readonly path: string };
  /** Columns of the file without a role that a data set has too, so they may be copied. */
  readonly copiedColumns: readonly string[];
  /** First and last local day of the rows; null without a time. */
  readonly days: { readonly first: string; readonly last: string } | null;
  readonly sequences: readonly InferredSequence[];
  readonly unit: ImpliedUnit | null;
  readonly perPositive: Estimate | null;
  /** The most frequent number of negatives of a positive, and its share of the positives. */
  readonly usual: { readonly size: number; readonly share: number } | null;
  /** True if the file does not name the sources of its negatives, so that entries are inferred classes. */
  readonly isInferred: boolean;
  readonly entries: readonly InferredEntry[];
  /** Negatives of all entries that their user chose earlier or in the same request, and all negatives. */
  readonly chosenNegatives: { readonly rows: number; readonly total: number } | null;
  /**
   * Shares of the draws from the corpus that hit by chance: items that were exposed to the user without a choice, and
   * items that the user chose. Null if classes are not inferred.
   */
  readonly byChance: { readonly exposed: number; readonly chosen: number } | null;
  /** Exponent of all negatives that were not exposed to the user; null if it was not fitted. */
  readonly exponent: Estimate | null;
  readonly positives: { readonly rows: number; readonly inLog: number };
  readonly where: {
    readonly attribute: string;
    readonly value: string;
    readonly share: number;
    readonly rows: number;
  } | null;
  readonly viewed: { readonly rows: number; readonly viewed: number; readonly share: number } | null;
  /** Share of the exposures without a positive event that are in the file; and the weight of its negatives. */
  readonly keptShare: Estimate | null;
  readonly weight: { readonly low: number; readonly high: number } | null;
}

/** What the lists of a sequence say about its config. `youngest` in seconds. */
export interface InferredSequence {
  readonly name: string;
  /** The event whose steps the lists repeat; null: no event of the config. */
  readonly event: string | null;
  readonly longest: number;
  readonly isNewestFirst: boolean;
  /** The smallest `dedup` that the lists do not contradict. */
  readonly dedup: string | null;
  /** No step of the file is younger. */
  readonly youngest: number | null;
}
