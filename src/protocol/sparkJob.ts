import type { InferOutput } from 'valibot';
import type { Split } from './generate.ts';
import type { sparkJobParams } from './schema/preview.ts';

/** Requests for the Spark job of a stage. The host writes the file. */
export const sparkJobWire = {
  /** `SamplerParams` → `SparkJobOffer`. Opens no data. */
  offer: 'recsample/sparkJobOffer',
  /** `SparkJobParams` → `SparkJobText`. Opens files for the types of their columns. */
  text: 'recsample/sparkJob',
} as const;

export interface SparkJobOffer {
  /** Splits for which the config has a window. */
  readonly splits: readonly Split[];
}

export type SparkJobParams = InferOutput<typeof sparkJobParams>;

export interface SparkJobText {
  readonly text: string;
  /** Folders that Spark writes: the result, and intermediate tables. */
  readonly output: string;
  readonly work: string;
}
