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
  /** False if they are estimates. */
  readonly exact: boolean;
}

/** The small histogram of a column, with at most 32 bars. */
export type Histogram =
  | { readonly kind: 'none' }
  /** Equal-width bins from `from` to `to`; counts of rows. */
  | { readonly kind: 'range'; readonly from: Scalar; readonly to: Scalar; readonly counts: readonly number[] }
  /**
   * Values by descending frequency, in groups of equally many values; counts of rows. A histogram over id values would
   * be meaningless.
   */
  | { readonly kind: 'rank'; readonly counts: readonly number[] }
  /** One part per value: labels, sources, enumerations. */
  | { readonly kind: 'parts'; readonly parts: readonly { readonly value: Scalar; readonly count: number }[] };

export interface ColumnProfile {
  readonly name: string;
  readonly type: LogicalType;
  readonly role: RoleGuess | null;
  /** Rows that the profile covers (those of the filter), including nulls. */
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
}
