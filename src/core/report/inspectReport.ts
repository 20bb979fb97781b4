import type { Dataset } from '../table/dataset.ts';
import type { ColumnProfile, Scalar } from '../table/profile.ts';
import type { RowsDigest } from '../table/rowsDigest.ts';
import type { LogicalType } from '../table/type.ts';

/** Rows whose label is 1 (true), and 0 (false). NULLs are neither. */
export interface LabelCounts {
  readonly column: string;
  readonly positive: number;
  readonly negative: number;
}

/** The first rows, every value whole. */
export interface SampleRows {
  readonly columns: readonly { readonly name: string; readonly type: LogicalType }[];
  readonly rows: readonly (readonly Scalar[])[];
}

/** What `recsample inspect` tells of a data set, before it becomes text or JSON. */
export interface InspectReport {
  /** As the person wrote it. */
  readonly path: string;
  readonly dataset: Dataset;
  /** Rows that the filter keeps; all of them without a filter. */
  readonly rows: number;
  /** The filter, blank for none. */
  readonly where: string;
  /** Profiles of the chosen columns, in the order chosen. */
  readonly columns: readonly ColumnProfile[];
  /** Columns after those, of which the report says nothing but their number. */
  readonly columnsLeftOut: number;
  readonly labels: LabelCounts | null;
  /** Where it was asked for. */
  readonly digest: RowsDigest | null;
  readonly sample: SampleRows;
}
