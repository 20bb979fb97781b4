import type { Dataset } from '../table/dataset.ts';
import type { ColumnProfile, Scalar } from '../table/profile.ts';
import type { RowsDigest } from '../table/rowsDigest.ts';
import type { LogicalType } from '../table/type.ts';

/** Number of rows whose label is 1 (true), and 0 (false). NULLs count as neither. */
export interface LabelCounts {
  readonly column: string;
  readonly positive: number;
  readonly negative: number;
}

/** The first rows, with every value in full. */
export interface SampleRows {
  readonly columns: readonly { readonly name: string; readonly type: LogicalType }[];
  readonly rows: readonly (readonly Scalar[])[];
}

/** A group of rows. */
export interface GroupRow {
  /** Exact texts of the values that all its rows share; null for NULL. */
  readonly key: readonly (string | null)[];
  /** Rows of the group that match the filter, and all rows of the group. */
  readonly rows: number;
  readonly all: number;
  /** Number of positive rows; null without a label column of 0 and 1. */
  readonly positives: number | null;
  /** Number of rows that are not positive, by source. */
  readonly mix: readonly number[];
}

/** The first groups of `--group-by`. */
export interface GroupsReport {
  /** Names of the columns of the key. */
  readonly by: readonly string[];
  readonly total: number;
  readonly sources: readonly string[];
  readonly list: readonly GroupRow[];
}

/** Report of `recsample inspect` on a data set, before it becomes text or JSON. */
export interface InspectReport {
  /** Path as the user wrote it. */
  readonly path: string;
  readonly dataset: Dataset;
  /** Number of rows that match the filter; without a filter, all rows. */
  readonly rows: number;
  /** The filter; blank if there is none. */
  readonly where: string;
  /** Profiles of the chosen columns, in the chosen order. */
  readonly columns: readonly ColumnProfile[];
  /** Number of further columns, which the report does not show. */
  readonly columnsLeftOut: number;
  readonly labels: LabelCounts | null;
  /** Only if requested. */
  readonly digest: RowsDigest | null;
  readonly sample: SampleRows;
  /** Instead of the first rows. Only if requested. */
  readonly groups: GroupsReport | null;
}
