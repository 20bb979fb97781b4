import type { OutputRole, SamplingRequest } from './sampling.ts';

export type { HandedFile, HandoverSummary } from '../core/sampling/handover/summary.ts';

/** Trainers for which files are written. */
export const trainers = ['easyrec', 'torcheasyrec', 'recbole'] as const;
export type Trainer = (typeof trainers)[number];

export interface HandoverRequest {
  readonly trainer: Trainer;
  /** The split of training, and after it that of evaluation where it is wanted. */
  readonly parts: readonly [SamplingRequest, ...SamplingRequest[]];
  /** Exact text of ids; null: all users that have groups. */
  readonly users: readonly string[] | null;
  readonly output: {
    /** Absolute. A new or an empty folder, or one of an earlier handover, which is replaced when the new one is whole. */
    readonly path: string;
    /** The same as the trainer's settings name it. */
    readonly named: string;
    /** Columns of the data that are trained on. */
    readonly names: Readonly<Record<OutputRole, string>>;
    /** What the caller knows of how the files came about. */
    readonly facts: Readonly<Record<string, string>>;
  };
}
