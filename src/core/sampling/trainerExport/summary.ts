import type { Message } from '../../message/message.ts';
import type { SampleSummary } from '../sampleSummary.ts';

/** A written file of an exported trainer folder. */
export interface HandedFile {
  /** Path within the folder. */
  readonly name: string;
  /** Rows without the header; null if the file is not a table. */
  readonly rows: number | null;
}

/** Summary of an exported trainer folder. */
export interface HandoverSummary {
  readonly files: readonly HandedFile[];
  readonly bytes: number;
  /** Summaries of the draws, one for each part of the request. */
  readonly drawn: readonly SampleSummary[];
  /** What the files cannot express, or leave out. */
  readonly notices: readonly Message[];
  readonly milliseconds: number;
}
