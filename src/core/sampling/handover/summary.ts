import type { Message } from '../../report/message.ts';
import type { SampleSummary } from '../sampleSummary.ts';

/** A file of a handover that was written. */
export interface HandedFile {
  /** Within the folder. */
  readonly name: string;
  /** Without the header; null for what is no table. */
  readonly rows: number | null;
}

/** A folder for a trainer that was written. */
export interface HandoverSummary {
  readonly files: readonly HandedFile[];
  readonly bytes: number;
  /** What was drawn, one for each part of the request. */
  readonly drawn: readonly SampleSummary[];
  /** What the files cannot say, or leave out. */
  readonly notices: readonly Message[];
  readonly milliseconds: number;
}
