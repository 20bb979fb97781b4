import type { View } from '../core/table/filter.ts';
import type { AnswerOf, AnswerRequest, Metadata } from './answers.ts';
import type { DatasetRef } from './datasetRef.ts';
import type { BadRow, Dataset, FileFacts } from '../core/table/dataset.ts';
import type { ColumnProfile } from '../core/table/profile.ts';
import type { RowsDigest } from '../core/table/rowsDigest.ts';
import type { Message } from '../core/report/message.ts';
import type { PairExplanation, Preview } from '../core/sampling/answers.ts';
import type { HandoverRequest, HandoverSummary } from './handover.ts';
import type { FoundUser, PairRequest, PreviewRequest, SampleRequest, SampleSummary, UsersRequest } from './sampling.ts';

/** A block of rows × columns. */
export interface PageRequest {
  readonly ref: DatasetRef;
  readonly view: View;
  /** 0-based position in the view. */
  readonly first: number;
  readonly count: number;
  /** Indices into `Dataset.columns`, in the order wanted. */
  readonly columns: readonly number[];
}

export interface Page {
  readonly first: number;
  readonly count: number;
  /** Arrow IPC stream, see core/table/page.ts. Own buffer: safe to transfer. */
  readonly arrow: Uint8Array;
  /** Rows of the view if known by now, else null (the first page of a sort comes before the sort is done). */
  readonly rows: number | null;
}

/** One cell, whole up to `limit` characters. */
export interface CellRequest {
  readonly ref: DatasetRef;
  readonly view: View;
  readonly row: number;
  readonly column: number;
  /** Characters of text to skip and to return at most. */
  readonly offset: number;
  readonly limit: number;
}
export interface Cell {
  /** Exact text; lists, structs and maps as JSON. Null for NULL. */
  readonly text: string | null;
  /** Length of the whole text in characters. */
  readonly length: number;
}

export interface CopyRequest {
  readonly ref: DatasetRef;
  readonly view: View;
  readonly first: number;
  readonly count: number;
  readonly columns: readonly number[];
  readonly headers: boolean;
  readonly format: 'tsv' | 'csv' | 'json';
}

/** Progress of a long request: `fraction` from 0 to 1, or null where it cannot be known. */
export interface Progress {
  readonly fraction: number | null;
  readonly message: Message;
  /** Of a job that has several, the one that the fraction is of. */
  readonly phase?: 'drawing' | 'writing';
}

/** A match count of each condition alone, to explain an empty result. */
export interface CountResult {
  readonly rows: number;
  readonly alone: readonly number[];
}

/**
 * How much a profile says. `base`: rows, nulls, distinct, min, max, mean, sd, soon. `whole` (the default) adds quantiles, most frequent
 * values and the small picture.
 */
export type ProfileDepth = 'base' | 'whole';

/** Every request of the engine. Reads are idempotent: the supervisor may ask once more after a restart. */
export interface EngineMethods {
  open: { params: { ref: DatasetRef }; result: Dataset };
  /** Rows of a data set whose `Dataset.rows` was null, when they are known; with the notices of the complete read. */
  settle: { params: { ref: DatasetRef }; result: Dataset };
  page: { params: PageRequest; result: Page };
  count: { params: { ref: DatasetRef; view: View }; result: CountResult };
  cell: { params: CellRequest; result: Cell };
  /** `guarded`: fields that begin with an apostrophe so that a spreadsheet does not run them as formulas. */
  copy: { params: CopyRequest; result: { text: string; rows: number; guarded: number } };
  profile: { params: { ref: DatasetRef; view: View; columns: readonly number[]; depth?: ProfileDepth }; result: { columns: ColumnProfile[]; milliseconds: number } };
  /** Equal for equal rows in any order; `columns` in any order too. */
  digest: { params: { ref: DatasetRef; view: View; columns: readonly number[] }; result: RowsDigest };
  facts: { params: { ref: DatasetRef }; result: FileFacts };
  /** Ranges of the columns named, and how the folders partition the files. Opens nothing but footers. */
  metadata: { params: { ref: DatasetRef; columns: readonly string[] }; result: Metadata };
  /** Exact counts over all rows, for the rules. The result is the answer to the kind of the question. */
  answer: { params: AnswerRequest; result: AnswerOf };
  /** What a plan draws for some users. The data stay open for the next preview. */
  preview: { params: PreviewRequest; result: Preview };
  /** Users of a log to preview. */
  sampleUsers: { params: UsersRequest; result: readonly FoundUser[] };
  explainPair: { params: PairRequest; result: PairExplanation };
  /** Draws a whole sample file and writes it: whole or not at all. */
  sample: { params: SampleRequest; result: SampleSummary };
  /** Draws, and writes a folder of files as a trainer reads them: whole or not at all. */
  handover: { params: HandoverRequest; result: HandoverSummary };
  badRows: { params: { ref: DatasetRef; limit: number }; result: { total: number; list: BadRow[] } };
  close: { params: { id: string }; result: null };
  demo: { params: { directory: string; scale: DemoScale; seed: string; bad?: boolean }; result: { files: number; bytes: number } };
}

export const demoScales = ['tiny', 'small', '1m', '20m'] as const;
/** Seed where none is given: equal seeds give equal files everywhere, so the demo of the palette is that of the command line. */
export const defaultDemoSeed = 'demo';
export type DemoScale = (typeof demoScales)[number];

export type EngineMethod = keyof EngineMethods;
export type Params<M extends EngineMethod> = EngineMethods[M]['params'];
export type Result<M extends EngineMethod> = EngineMethods[M]['result'];

/** What every long call takes. */
export interface CallContext {
  readonly signal: AbortSignal;
  readonly progress: (p: Progress) => void;
}

/** Whoever can answer engine requests: the engine itself (CLI), or a proxy over a process boundary. */
export interface EngineClient {
  /** Rejects with `FailureError` only. */
  call<M extends EngineMethod>(method: M, params: Params<M>, context?: Partial<CallContext>): Promise<Result<M>>;
}
