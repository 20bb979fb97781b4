import type { SampleLayout } from '../../../protocol/sampling.ts';

/** Groups that follow one another. */
export interface RowsPart {
  /** The first and the last row of `drawnTable`. */
  readonly groups: readonly [number, number];
  /** The first and the last row of the stored log that they name. */
  readonly origins: readonly [number, number];
}

/** The rows of a sample file, as SQL. */
export interface OutputRows {
  readonly layout: SampleLayout;
  /** Whether their order takes sorting. Otherwise they come as they were put aside, however many. */
  readonly joined: boolean;
  /** Rows of a part, or all, in their order. */
  sql(part: RowsPart | null): string;
}
