import * as v from 'valibot';
import type { MetricOutcome } from '../core/audit/metric.ts';
import type { AuditAnswer, AuditRequest } from './audit.ts';
import type { InferAnswer, InferRequest } from './infer.ts';
import type { AnswerOf, AnswerRequest, Metadata } from './answers.ts';
import type { BadRow, Dataset, FileFacts, GroupColumn, SkippedGroups } from '../core/table/dataset.ts';
import type { ColumnProfile } from '../core/table/profile.ts';
import type { Timeline } from '../core/table/timeline.ts';
import type { RowsDigest } from '../core/table/rowsDigest.ts';
import { message, type Message } from '../core/message/message.ts';
import { formats, sampleFormats } from '../core/table/sampleName.ts';
import type { PairExplanation, Preview } from '../core/sampling/answers.ts';
import type { DatasetRef } from './datasetRef.ts';
import { demoScales } from './demo.ts';
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
import { takes, type RequestRow, type RequestsOf } from './schema/accept.ts';
import { count, declaredByColumn, list, object, rolesByColumn, text, view } from './schema/shapes.ts';

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

/** What the status item says while the request runs. `file`: the name of its file. */
type Label = (file: string) => Message;
const reading: Label = (file) => message('reading {0}', file);
const counting: Label = (file) => message('counting rows of {0}', file);
const auditing: Label = (file) => message('auditing {0}', file);

const listOfSteps = object({
  role: text,
  name: text,
  unit: v.exactOptional(v.picklist(['s', 'ms', 'us'])),
  type: v.exactOptional(v.picklist(['int64', 'string'])),
});

const ref = object({
  id: text,
  path: text,
  roles: v.exactOptional(rolesByColumn),
  declared: v.exactOptional(declaredByColumn),
  sequences: v.exactOptional(
    v.pipe(
      v.array(
        object({
          name: text,
          columns: v.pipe(v.array(listOfSteps), v.readonly()),
          separator: v.nullable(text),
        }),
      ),
      v.readonly(),
    ),
  ),
  fingerprint: v.exactOptional(text),
  within: v.exactOptional(text),
  format: v.exactOptional(v.picklist(formats)),
}) satisfies v.GenericSchema<unknown, DatasetRef>;

/** `value`: the texts of the cells alone, a line each, without quotes. */
const copied = v.picklist(['tsv', 'csv', 'json', 'value']);

/** A request that a client of the server may send. */
const fromClient = <const E extends v.ObjectEntries, const M extends object>(entries: E, label: Label, more?: M) =>
  takes(object(entries), { label, ...(more as M) });

/** The same about a data set. The inspector may send it too, without the reference, which the host adds. */
const ofDataset = <const E extends v.ObjectEntries>(entries: E, label: Label) =>
  fromClient({ ref, ...entries }, label, { inspector: object(entries) });

/** A request that only the server itself sends. */
const inside = <P, R>(label: Label) => ({ params: null, label }) as RequestRow<P, R, null> & { readonly label: Label };

/**
 * Every request of the engine. Reads are idempotent: the supervisor may ask once more after a restart. `params` is a
 * schema if a client of the server may send the request. `isAlone`: it gets an engine process of its own. `isOnce`: it
 * is not repeated if the server stopped.
 */
export const engineRequests = {
  open: fromClient({ ref }, (file) => message('opening {0}', file)).gives<Dataset>(),
  /**
   * For a data set whose `Dataset.rows` was null: waits for the row count. Includes the notices of the complete read.
   */
  settle: ofDataset({}, (file) => message('counting the rows of {0}', file)).gives<Dataset>(),
  /**
   * A block of rows × columns. `first`: 0-based position in the view. `columns`: indices into `Dataset.columns`, in the
   * requested order.
   */
  page: ofDataset({ view, first: count, count, columns: list(count) }, reading).gives<Page>(),
  count: ofDataset({ view }, (file) => message('filtering {0}', file)).gives<CountResult>(),
  /** Rows of the filter of a view by time. The role `time` says which column it is. */
  timeline: ofDataset({ view }, counting).gives<Timeline>(),
  /** Groups `first` … `first + count - 1` of a grouped view. `columns`: values of one row of each group. */
  groups: ofDataset({ view, first: count, count, columns: list(count) }, (file) =>
    message('grouping rows of {0}', file),
  ).gives<GroupPage>(),
  /** One cell. `offset`: characters to skip. `limit`: maximum characters to return. */
  cell: ofDataset({ view, row: count, column: count, offset: count, limit: count }, reading).gives<Cell>(),
  /** `guarded`: number of fields that got a leading apostrophe, so that a spreadsheet does not run them as formulas. */
  copy: ofDataset({ view, first: count, count, columns: list(count), headers: v.boolean(), format: copied }, (file) =>
    message('copying from {0}', file),
  ).gives<{ text: string; rows: number; guarded: number }>(),
  /**
   * Writes the rows of a view to a file, complete or not at all. `path`: absolute. `guard`: whether formulas of a CSV
   * file get an apostrophe.
   */
  exportRows: fromClient(
    { ref, view, columns: list(count), path: text, format: v.picklist(sampleFormats), guard: v.boolean() },
    (file) => message('exporting rows of {0}', file),
    { isAlone: true },
  ).gives<ExportSummary>(),
  /**
   * `depth`: how many figures a profile has. `base`: rows, nulls, distinct, min, max, mean, sd, values that are not
   * finite and facts of lists, soon. `whole` (the default) adds quantiles, most frequent values and the small chart.
   * `nested` adds the profiles of the fields of structs, and the dimensions of vectors.
   */
  profile: ofDataset(
    { view, columns: list(count), depth: v.exactOptional(v.picklist(['base', 'whole', 'nested'])) },
    (file) => message('profiling {0}', file),
  ).gives<{ columns: ColumnProfile[]; milliseconds: number }>(),
  /** The digest is equal for equal rows in any order, and for `columns` in any order. */
  digest: fromClient({ ref, view, columns: list(count) }, (file) =>
    message('computing the digest of {0}', file),
  ).gives<RowsDigest>(),
  facts: ofDataset({}, reading).gives<FileFacts>(),
  /**
   * Statistics of the columns of one row group, as the file has them. `file`: its place in the facts; `index`: of the
   * row group in the file.
   */
  rowGroup: ofDataset({ file: count, index: count }, reading).gives<{ total: number; list: readonly GroupColumn[] }>(),
  /** Row groups that readers skip for the filter of a view. */
  skippedGroups: ofDataset({ view }, reading).gives<SkippedGroups>(),
  badRows: ofDataset({ limit: count }, reading).gives<{ total: number; list: BadRow[] }>(),
  /** Ranges of the named columns, and how the folders partition the files. Reads only footers. */
  metadata: fromClient({ ref, columns: list(text) }, reading).gives<Metadata>(),
  close: fromClient({ id: text }, (file) => message('closing {0}', file)).gives<null>(),
  demo: fromClient(
    { directory: text, scale: v.picklist(demoScales), seed: text, bad: v.exactOptional(v.boolean()) },
    (file) => message('writing the demo workspace {0}', file),
    { isOnce: true },
  ).gives<{ files: number; bytes: number }>(),
  /** Exact counts over all rows, for the rules. The kind of the question decides the type of the answer. */
  answer: inside<AnswerRequest, AnswerOf>(counting),
  /** What a plan draws for some users. The data stay open for the next preview. */
  preview: inside<PreviewRequest, Preview>((file) => message('drawing for {0}', file)),
  /** Finds users of a log to preview. */
  sampleUsers: inside<UsersRequest, readonly FoundUser[]>((file) => message('looking for users of {0}', file)),
  /** Finds items by id or title. */
  sampleItems: inside<ItemsRequest, readonly FoundItem[]>((file) => message('looking for items of {0}', file)),
  /** All exposures and events of a user. */
  userStory: inside<StoryRequest, UserStory>((file) => message('reading a user of {0}', file)),
  explainPair: inside<PairRequest, PairExplanation>((file) => message('explaining a pair of {0}', file)),
  /** What a Spark job needs to know about the data of a stage. Reads no rows. */
  sparkInputs: inside<SparkInputsRequest, SparkInputs>(reading),
  /** Where absolute paths lead, without links, whether or not they exist. */
  realPaths: inside<{ paths: readonly string[] }, readonly string[]>(reading),
  /** The records of the manifest of an extract, unchecked. `named`: the folder as the user gave it. */
  manifest: inside<{ folder: string; named: string }, { records: readonly unknown[] }>(reading),
  /** Draws and writes a complete sample file, or nothing. */
  sample: inside<SampleRequest, SampleSummary>((file) => message('writing samples of {0}', file)),
  /** Draws and writes a folder of files for a trainer; complete, or nothing. */
  handover: inside<HandoverRequest, HandoverSummary>((file) => message('writing files of {0} for a trainer', file)),
  /** Measures a finished sample file. Progress carries the metrics as soon as they are ready. */
  audit: inside<AuditRequest, AuditAnswer>(auditing),
  /** What the rows of a sample say about the options of its stage. */
  inferDraws: inside<InferRequest, InferAnswer>(auditing),
  /** Trains a probe model on the sample of each config and evaluates it. Writes nothing. */
  trial: inside<TrialRequest, TrialReport>(() => message('comparing mixes on a probe model')),
};

type EngineTable = RequestsOf<typeof engineRequests>;
export type EngineMethod = keyof EngineTable;
export type Params<M extends EngineMethod> = EngineTable[M]['params'];
export type Result<M extends EngineMethod> = EngineTable[M]['result'];

/** How many figures a profile has. */
export type ProfileDepth = NonNullable<Params<'profile'>['depth']>;

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
