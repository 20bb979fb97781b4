import type { InferOutput } from 'valibot';
import type { SampleFormat, SampleSummary } from './sampling.ts';
import type { generateParams } from './schema/preview.ts';

/** Writing the sample file of a stage: what the host asks the language server, which knows the text of the editor. */
export const generateWire = {
  /** `SamplerParams` → `SampleOffer`. Opens no data. Fails where the stage is not written as it stands. */
  offer: 'recsample/sampleOffer',
  /** `GenerateParams` → `GeneratedSample`. Not to be asked again where the answer is lost. */
  generate: 'recsample/generate',
} as const;

export type Split = GenerateParams['split'];

/** Where a stage may be written to, and what. */
export interface SampleOffer {
  /** Absolute path of the file that the config names for the stage; null where it names no single file of a format that is written, inside the workspace. */
  readonly file: string | null;
  /** Those that take the layout of the config. */
  readonly formats: readonly SampleFormat[];
  /** Windows that the config has. */
  readonly splits: readonly Split[];
}

export type GenerateParams = InferOutput<typeof generateParams>;

export interface GeneratedSample {
  /** Absolute path. */
  readonly file: string;
  readonly summary: SampleSummary;
  /** The whole report, as the command line prints it, in the language of the client. */
  readonly report: string;
}
