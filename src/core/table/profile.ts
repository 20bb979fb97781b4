import type { RoleGuess } from './role.ts';
import type { LogicalType } from './type.ts';

/**
 * One exact value: numbers only for integers of at most 32 bits and finite floats. Int64, decimals, dates, timestamps
 * and non-finite floats are text; lists, structs and maps are their JSON text.
 */
export type Scalar = string | number | boolean | null;

export interface Quantiles {
  readonly p5: Scalar;
  readonly p25: Scalar;
  readonly p50: Scalar;
  readonly p75: Scalar;
  readonly p95: Scalar;
  /** False if the quantiles are estimates. */
  readonly exact: boolean;
}

/** The small histogram of a column, with at most 32 bars. */
export type Histogram =
  | { readonly kind: 'none' }
  /**
   * Equal-width bins from `from` to `to`; counts of rows. `of`: bins of the lengths, or of the norms of vectors,
   * instead of the values. Bins of lengths have a whole width and start at `from`; `to` is the largest length.
   */
  | {
      readonly kind: 'range';
      readonly of?: 'length' | 'norm';
      readonly from: Scalar;
      readonly to: Scalar;
      readonly counts: readonly number[];
    }
  /**
   * Row counts of values by descending frequency, in groups of equally many values. Used for ids, which have no bins.
   */
  | { readonly kind: 'rank'; readonly counts: readonly number[] }
  /** One part per value: labels, sources, enumerations. */
  | { readonly kind: 'parts'; readonly parts: readonly { readonly value: Scalar; readonly count: number }[] };

/** Statistics of a column of lists. Counts of rows; NULL rows do not count. */
export interface ListFacts {
  /** Number of elements of the shortest and of the longest list; null if there is no list. */
  readonly shortest: number | null;
  readonly longest: number | null;
  readonly emptyLists: number;
  /** Lists with a NULL element. */
  readonly listsWithNulls: number;
  /** Only for lists of floats. */
  readonly vectors: VectorFacts | null;
  /** The behavior sequence that the list belongs to, by its name; null if it belongs to none. */
  readonly sequence: ListSequence | null;
}

export interface ListSequence {
  readonly name: string;
  /** Names of all its lists, in the order of the file. */
  readonly lists: readonly string[];
  /** Rows in which this list and the first list of the sequence differ in length. A NULL list has length 0. */
  readonly uneven: number;
}

/** Lists with at least two times and no NULL, and how many of them ascend and descend. Equal times do both. */
export interface TimeOrder {
  readonly lists: number;
  readonly ascending: number;
  readonly descending: number;
}

/** Euclidean norms of lists of floats. A list with a NULL, NaN or infinite element has no norm. */
interface VectorFacts {
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  /** Lists whose elements are all 0; empty lists do not count. */
  readonly zero: number;
  /** Lists with NaN or an infinite element, and without NULL. */
  readonly notFinite: number;
}

/** Mean and standard deviation of each element of vectors with equal lengths, over the finite elements. */
export interface Dimensions {
  /** Number of rows with a vector that were read, from the first on. */
  readonly rows: number;
  /** True if all rows with a vector were read. */
  readonly complete: boolean;
  readonly means: readonly (number | null)[];
  readonly sds: readonly (number | null)[];
}

export interface ColumnProfile {
  readonly name: string;
  readonly type: LogicalType;
  readonly role: RoleGuess | null;
  /** Rows that match the filter, including NULLs. */
  readonly rows: number;
  readonly nulls: number;
  readonly distinct: { readonly value: number; readonly exact: boolean };
  readonly min: Scalar;
  readonly max: Scalar;
  readonly mean: number | null;
  readonly sd: number | null;
  /**
   * Quantiles of the values; for strings of the lengths in characters, for lists of the number of elements (see `of`).
   */
  readonly quantiles: Quantiles | null;
  readonly of: 'value' | 'length';
  readonly top: readonly { readonly value: Scalar; readonly count: number }[];
  /** False if the top values are estimates. */
  readonly topExact: boolean;
  readonly histogram: Histogram;
  /** Rows with such a value; only for floats. */
  readonly notFinite?: { readonly nan: number; readonly infinite: number };
  readonly list?: ListFacts;
  /** Only for lists, and not in base profiles. `full`: lists of the largest length. `order`: null if they hold no times. */
  readonly steps?: { readonly full: number; readonly order: TimeOrder | null };
  /** Only in a nested profile of vectors. */
  readonly dimensions?: Dimensions;
  /**
   * Only in a nested profile of a struct: the profiles of its fields, inner structs replaced by their fields. The name
   * is the path. `total`: number of all fields, which may be more than those of the list.
   */
  readonly fields?: { readonly total: number; readonly list: readonly ColumnProfile[] };
}
