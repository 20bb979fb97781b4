import type { RoleGuess } from './role.ts';
import type { LogicalType } from './type.ts';

/**
 * One value, exact: numbers only for integers of at most 32 bits and finite floats; int64, decimals, dates, timestamps
 * and non-finite floats are text; lists, structs and maps are their JSON text.
 */
export type Scalar = string | number | boolean | null;

export interface Quantiles {
  readonly p5: Scalar;
  readonly p25: Scalar;
  readonly p50: Scalar;
  readonly p75: Scalar;
  readonly p95: Scalar;
  /** False where they are estimates. */
  readonly exact: boolean;
}

/** The small picture of a column, at most 32 bars. */
export type Histogram =
  | { readonly kind: 'none' }
  /** Equal-width bins from `from` to `to`; counts of rows. */
  | { readonly kind: 'range'; readonly from: Scalar; readonly to: Scalar; readonly counts: readonly number[] }
  /**
   * Values by falling frequency, in equal-count groups of values; counts of rows. A histogram of id values says
   * nothing.
   */
  | { readonly kind: 'rank'; readonly counts: readonly number[] }
  /** One part a value: labels, sources, enumerations. */
  | { readonly kind: 'parts'; readonly parts: readonly { readonly value: Scalar; readonly count: number }[] };

export interface ColumnProfile {
  readonly name: string;
  readonly type: LogicalType;
  readonly role: RoleGuess | null;
  /** Rows that the profile covers (those of the filter), nulls included. */
  readonly rows: number;
  readonly nulls: number;
  readonly distinct: { readonly value: number; readonly exact: boolean };
  readonly min: Scalar;
  readonly max: Scalar;
  readonly mean: number | null;
  readonly sd: number | null;
  /** Of the values; of the lengths in characters for strings, in elements for lists (see `of`). */
  readonly quantiles: Quantiles | null;
  readonly of: 'value' | 'length';
  readonly top: readonly { readonly value: Scalar; readonly count: number }[];
  /** False where the top values are estimates. */
  readonly topExact: boolean;
  readonly histogram: Histogram;
}
