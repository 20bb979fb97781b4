import type { OutputRole } from '../core/data/outputName.ts';
import type { Sequence } from '../core/data/sequences.ts';
import type { SamplingRequest } from './sampling.ts';

export type { HandoverSummary } from '../core/sampling/trainerExport/summary.ts';

/** Trainers that files can be exported for. */
export const trainers = ['easyrec', 'torcheasyrec', 'recbole'] as const;
export type Trainer = (typeof trainers)[number];

export interface HandoverRequest {
  readonly trainer: Trainer;
  /** The training split, followed by the evaluation split if it is requested. */
  readonly parts: readonly [SamplingRequest, ...SamplingRequest[]];
  /** Exact text of ids; null: all users that have groups. */
  readonly users: readonly string[] | null;
  /** For RecBole: write the positives with the histories of this sequence, instead of all rows. */
  readonly sequence?: Sequence;
  /** Names of the sequences of the config that are not written. Default: none. */
  readonly otherSequences?: readonly string[];
  readonly output: {
    /**
     * Absolute. A new folder, an empty folder, or an earlier export; an earlier export is replaced when the new one is
     * complete.
     */
    readonly path: string;
    /** The same folder as the trainer's settings name it. */
    readonly named: string;
    /** Column names in the training data. */
    readonly names: Readonly<Record<OutputRole, string>>;
    /** What the caller knows about how the files are made. */
    readonly facts: Readonly<Record<string, string>>;
  };
}
