import type { Split } from './generate.ts';

export interface SparkJobOffer {
  /** Splits for which the config has a window. */
  readonly splits: readonly Split[];
}

export interface SparkJobText {
  readonly text: string;
  /** Folders that Spark writes: the result, and intermediate tables. */
  readonly output: string;
  readonly work: string;
}
