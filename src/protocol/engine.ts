import type { InferOutput } from 'valibot';
import type { MetricOutcome } from '../core/audit/metric.ts';
import type { AuditAnswer, AuditRequest } from './audit.ts';
import type { InferAnswer, InferRequest } from './infer.ts';
import type { AnswerOf, AnswerRequest, Metadata } from './answers.ts';
import type { BadRow, Dataset, FileFacts, GroupColumn, SkippedGroups } from '../core/table/dataset.ts';
import type { ColumnProfile } from '../core/table/profile.ts';
import type { Timeline } from '../core/table/timeline.ts';
import type { RowsDigest } from '../core/table/rowsDigest.ts';
import type { Message } from '../core/message/message.ts';
import type { PairExplanation, Preview } from '../core/sampling/answers.ts';
import type { HandoverRequest, HandoverSummary } from './handover.ts';
import type { SparkInputs } from '../core/spark/sparkJob.ts';
import type {
  FoundItem,
  FoundUser,
  ItemsRequest,
  PairRequest,
  PreviewRequest,
  SampleRequest,
  SampleSummary,
  SparkInputsRequest,
  StoryRequest,
  UserStory,
  UsersRequest,
} from './sampling.ts';
import type { TrialReport } from '../core/trial/report.ts';
import type { TrialProgress } from './trial.ts';
import type { TrialRequest } from './trialRequest.ts';
import type { clientEngineParams } from './schema/engine.ts';

type ClientParams = { [M in keyof typeof clientEngineParams]: InferOutput<(typeof clientEngineParams)[M]> };

/** A block of rows × columns. */
export type PageRequest = ClientParams['page'];

export interface Page {
  readonly first: number;
  readonly count: number;
  /** Arrow IPC stream, see core/table/page.ts. It owns its buffer and is safe to transfer. */
  readonly arrow: Uint8Array;
  /** Rows of the view if known, else null (the first page of a sort is returned before the sort is done). */
  readonly rows: number | null;
}

export interface Cell {
  /** Exact text; lists, structs and maps as JSON. Null for NULL. */
  readonly text: string | null;
  /** Length of the complete text in characters. */
  readonly length: number;
}

/** `guarded`: number of fields that got a leading apostrophe, so that a spreadsheet does not run them as formulas. */
export interface ExportSummary {
  readonly rows: number;
  readonly bytes: number;
  readonly guarded: number;
}

/** Progress of a long request: `fraction` from 0 to 1, or null if it is not known. */
export interface Progress {
  readonly fraction: number | null;
  readonly message: Message;
  /** For a job with several phases, the phase that the fraction refers to. */
  readonly phase?: 'drawing' | 'writing';
  /** Of an audit: metrics that are ready. A later report replaces an earlier one of the same metric. */
  readonly audited?: readonly MetricOutcome[];
  /** Of a trial: how far each config is. */
  readonly trial?: TrialProgress;
}

/** The number of matching rows, and the matches of each condition alone, to explain an empty result. */
export interface CountResult {
  readonly rows: number;
  readonly alone: readonly number[];
}

/** A group of a grouped view. */
export interface GroupHead {
  /** 0-based row in the file whose values stand for the group: its first positive, otherwise its first row. */
  readonly row: number;
  /** Position of its first row in the view. */
  readonly start: number;
  /** Rows that the filter keeps. */
  readonly rows: number;
  /** Rows with and without the filter. */
  readonly all: number;
  /** Null without a label of 0 and 1. */
  readonly positives: number | null;
  /** Kept rows that are not positive, by the sources of the answer. */
  readonly mix: readonly number[];
}

export interface GroupPage {
  /** Number of all groups of the view. */
  readonly groups: number;
  readonly first: number;
  /** The most frequent sources. Other sources, and rows without one, are in no count of `mix`. */
  readonly sources: readonly string[];
  readonly heads: readonly GroupHead[];
  /** Values of `GroupHead.row` for each head, as in `Page.arrow`. */
  readonly arrow: Uint8Array;
}

/** How many figures a profile has. */
export type ProfileDepth = NonNullable<ClientParams['profile']['depth']>;

/** Every request of the engine. Reads are idempotent: the supervisor may ask once more after a restart. */
export interface EngineMethods {
  open: { params: ClientParams['open']; result: Dataset };
  /**
   * For a data set whose `Dataset.rows` was null: waits for the row count. Includes the notices of the complete read.
   */
  settle: { params: ClientParams['settle']; result: Dataset };
  page: { params: ClientParams['page']; result: Page };
  count: { params: ClientParams['count']; result: CountResult };
  timeline: { params: ClientParams['timeline']; result: Timeline };
  groups: { params: ClientParams['groups']; result: GroupPage };
  cell: { params: ClientParams['cell']; result: Cell };
  /** `guarded`: number of fields that got a leading apostrophe, so that a spreadsheet does not run them as formulas. */
  copy: { params: ClientParams['copy']; result: { text: string; rows: number; guarded: number } };
  /** Writes the rows of a view to a file, complete or not at all. */
  exportRows: { params: ClientParams['exportRows']; result: ExportSummary };
  profile: { params: ClientParams['profile']; result: { columns: ColumnProfile[]; milliseconds: number } };
  /** The digest is equal for equal rows in any order, and for `columns` in any order. */
  digest: { params: ClientParams['digest']; result: RowsDigest };
  facts: { params: ClientParams['facts']; result: FileFacts };
  /** Statistics of the columns of one row group, as the file has them. */
  rowGroup: { params: ClientParams['rowGroup']; result: { total: number; list: readonly GroupColumn[] } };
  /** Row groups that readers skip for the filter of a view. */
  skippedGroups: { params: ClientParams['skippedGroups']; result: SkippedGroups };
  /** Ranges of the named columns, and how the folders partition the files. Reads only footers. */
  metadata: { params: ClientParams['metadata']; result: Metadata };
  /** Exact counts over all rows, for the rules. The kind of the question decides the type of the answer. */
  answer: { params: AnswerRequest; result: AnswerOf };
  /** What a plan draws for some users. The data stay open for the next preview. */
  preview: { params: PreviewRequest; result: Preview };
  /** Finds users of a log to preview. */
  sampleUsers: { params: UsersRequest; result: readonly FoundUser[] };
  /** Finds items by id or title. */
  sampleItems: { params: ItemsRequest; result: readonly FoundItem[] };
  /** All exposures and events of a user. */
  userStory: { params: StoryRequest; result: UserStory };
  explainPair: { params: PairRequest; result: PairExplanation };
  /** What a Spark job needs to know about the data of a stage. Reads no rows. */
  sparkInputs: { params: SparkInputsRequest; result: SparkInputs };
  /** Where absolute paths lead, without links, whether or not they exist. */
  realPaths: { params: { paths: readonly string[] }; result: readonly string[] };
  /** The records of the manifest of an extract, unchecked. `named`: the folder as the user gave it. */
  manifest: { params: { folder: string; named: string }; result: { records: readonly unknown[] } };
  /** Draws and writes a complete sample file, or nothing. */
  sample: { params: SampleRequest; result: SampleSummary };
  /** Draws and writes a folder of files for a trainer; complete, or nothing. */
  handover: { params: HandoverRequest; result: HandoverSummary };
  /** Measures a finished sample file. Progress carries the metrics as soon as they are ready. */
  audit: { params: AuditRequest; result: AuditAnswer };
  /** What the rows of a sample say about the options of its stage. */
  inferDraws: { params: InferRequest; result: InferAnswer };
  /** Trains a probe model on the sample of each config and evaluates it. Writes nothing. */
  trial: { params: TrialRequest; result: TrialReport };
  badRows: { params: ClientParams['badRows']; result: { total: number; list: BadRow[] } };
  close: { params: ClientParams['close']; result: null };
  demo: { params: ClientParams['demo']; result: { files: number; bytes: number } };
}

export type EngineMethod = keyof EngineMethods;
export type Params<M extends EngineMethod> = EngineMethods[M]['params'];
export type Result<M extends EngineMethod> = EngineMethods[M]['result'];

/** The context of a long call. */
export interface CallContext {
  readonly signal: AbortSignal;
  readonly progress: (p: Progress) => void;
}

/** Answers engine requests: the engine itself (CLI), or a proxy across a process boundary. */
export interface EngineClient {
  /** Rejects with `FailureError` only. */
  call<M extends EngineMethod>(method: M, params: Params<M>, context?: Partial<CallContext>): Promise<Result<M>>;
}
