import type { InferOutput } from 'valibot';
import type { SampleFormat, SampleSummary } from './sampling.ts';
import type { split } from './schema/preview.ts';

export type Split = InferOutput<typeof split>;

/** The possible targets of a stage. */
export interface SampleOffer {
  /**
   * Absolute path of the file, or of the folder, that the config names for the stage, or the default if it names none.
   * Null if the config names no single file in a writable format, or no folder, inside the workspace.
   */
  readonly file: string | null;
  /** True if the config names no path for the stage. */
  readonly isDefault: boolean;
  /** Whether the stage is written to a folder of files, not to one file. */
  readonly folder: boolean;
  /** Formats that support the layout of the config. */
  readonly formats: readonly SampleFormat[];
  /** Splits for which the config has a window. */
  readonly splits: readonly Split[];
}

export interface GeneratedSample {
  /** Absolute path. */
  readonly file: string;
  readonly summary: SampleSummary;
  /** The complete report, as the command line prints it, in the client's language. */
  readonly report: string;
}
