import type { PassedSide, PassedTable } from '../config/definition/passThrough.ts';

/** A copied column as the file has it. */
export interface ShownColumn {
  /** Name in the file. */
  readonly name: string;
  /** Name in the data set. */
  readonly column: string;
  readonly from: PassedTable;
  readonly side: PassedSide;
  /** Microseconds after which an as-of value is NULL; null: never. */
  readonly maxAge: number | null;
  /** True if its values are numbers. */
  readonly isNumber: boolean;
  /** True if a part of a value would be wrong or useless: numbers and times. */
  readonly neverCut: boolean;
}

/** The copied columns of an answer, and the rows of the data sets from which its values come. */
export interface PassedValues {
  /** In the order of the file. */
  readonly columns: readonly ShownColumn[];
  readonly sources: readonly SourceRow[];
}

/** A row of a data set. It gives all columns of one side. */
export interface SourceRow {
  readonly from: PassedTable;
  readonly side: PassedSide;
  /** ISO 8601 in UTC with microseconds; null if the data set has no time. */
  readonly time: string | null;
  /** Exact texts of what identifies the row, by role. */
  readonly key: Readonly<Record<string, string | null>>;
}

/**
 * Why a value is NULL. `no-exposure`: the row has no own exposure; `no-impression`: the group has none; `no-row`: the
 * data set has no such row; `too-old`: older than `max_age`; `untrusted`: the teacher is not trusted on the row;
 * `empty`: the source row has NULL, or the teacher NaN.
 */
export const nullReasons = ['no-exposure', 'no-impression', 'no-row', 'too-old', 'untrusted', 'empty'] as const;
export type NullReason = (typeof nullReasons)[number];

/** A value of a copied column. */
export interface PassedCell {
  /** Exact text; null for NULL. */
  readonly value: string | null;
  /** Index in `PassedValues.sources`; null without a source row. */
  readonly source: number | null;
  /** Null if the value is not NULL. */
  readonly reason: NullReason | null;
}
