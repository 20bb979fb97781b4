import type { SampleLayout } from '../../core/schema/sampleLayout.ts';

/** Consecutive groups. */
export interface RowsPart {
  /** SQL of a table of drawn groups. */
  readonly table: string;
  /** Numbers of the first and the last group in the table; null: all groups. */
  readonly groups: readonly [number, number] | null;
  /** The smallest and the largest row number of the stored log that they refer to. */
  readonly origins: readonly [number, number];
}

/** The rows of a sample file, as SQL. */
export interface OutputRows {
  readonly layout: SampleLayout;
  /** Number of columns of the file. */
  readonly columns: number;
  /** Lists of the tables with row numbers of the stored log. */
  readonly logLists: readonly string[];
  /** True if the rows must be sorted. Otherwise they are read in the stored order. */
  readonly joined: boolean;
  /** True with lists of sequences, and columns copied from the data. Their values often repeat. */
  readonly hasCopies: boolean;
  /** Rows of a part, in order. Null: no rows, but all columns. */
  sql(part: RowsPart | null): string;
}
