import type { PassedSide, PassedTable } from '../config/definition/passThrough.ts';

/** A copied column in the sample file. */
export interface ShownColumn {
  /** Name in the sample file. */
  readonly name: string;
  /** Name in the data set. */
  readonly column: string;
  readonly from: PassedTable;
  readonly side: PassedSide;
  /** Microseconds after which an as-of value is NULL; null: never. */
  readonly maxAge: number | null;
  /** True if the values are numbers. */
  readonly isNumber: boolean;
  /** True for numbers and times: never truncated for display, because a part of the value would mislead. */
  readonly neverCut: boolean;
}

/** The copied columns of a result, and the source rows of their values. */
export interface PassedValues {
  /** In the order of the sample file. */
  readonly columns: readonly ShownColumn[];
  readonly sources: readonly SourceRow[];
}

/** The source row of all copied columns of one side. */
export interface SourceRow {
  readonly from: PassedTable;
  readonly side: PassedSide;
  /** ISO 8601 in UTC with microseconds; null if the data set has no time. */
  readonly time: string | null;
  /** Key columns of the row by role, as exact text. */
  readonly key: Readonly<Record<string, string | null>>;
}

/**
 * Why a value is NULL. `no-exposure`: the row was not exposed; `no-impression`: the group has no impression; `no-row`:
 * the data set has no such row; `not-yet`: every such row can only be read later; `gone`: the key was deleted, has
 * ended, or is missing in the newest snapshot; `too-old`: older than `max_age`; `untrusted`: the row is outside
 * `teacher.on`; `empty`: the source row has NULL, or the teacher has NaN.
 */
export const nullReasons = [
  'no-exposure',
  'no-impression',
  'no-row',
  'not-yet',
  'gone',
  'too-old',
  'untrusted',
  'empty',
] as const;
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
