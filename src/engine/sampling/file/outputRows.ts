import type { SampleLayout } from '../../../protocol/sampling.ts';

/** Groups that follow one another. */
export interface RowsPart {
  /** SQL of a table of drawn groups. */
  readonly table: string;
  /** The first and the last of its rows; null: all. */
  readonly groups: readonly [number, number] | null;
  /** The first and the last row of the stored log that they name. */
  readonly origins: readonly [number, number];
}

/** The rows of a sample file, as SQL. */
export interface OutputRows {
  readonly layout: SampleLayout;
  /** How many columns the file has. */
  readonly columns: number;
  /** Whether their order takes sorting. Otherwise they come as they were put aside, however many. */
  readonly joined: boolean;
  /** Rows of a part, or none with the columns of all, in their order. */
  sql(part: RowsPart | null): string;
}
