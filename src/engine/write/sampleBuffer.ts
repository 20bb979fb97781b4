import type { DrawnPart } from './drawnTable.ts';
import type { OutputRows } from './outputRows.ts';

/** Takes all drawn parts, then puts their groups or rows into the order of the files. */
export interface SampleBuffer {
  add(part: DrawnPart): Promise<void>;
  /** The ordered groups or rows, after the last part. */
  ordered(): Promise<Ordered>;
  /** Waits until nothing is running. */
  stop(): Promise<void>;
}

/** Groups or rows in the order of the files: their ranks. */
export interface Ordered {
  /** The tables that hold them, one after the other. */
  readonly parts: readonly DrawnPart[];
  /** The days of the partitions with their numbers of ranks, in order; one `null` without partitions. */
  readonly days: readonly { readonly day: string | null; readonly count: number }[];
  readonly rows: OutputRows;
  /** Rows of some ranks of a table, both included. */
  rowsIn(table: string, ranks: readonly [number, number]): Promise<number>;
}
