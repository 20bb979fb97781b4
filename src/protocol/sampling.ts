import type { OutputRole } from '../core/data/outputName.ts';
import type { AskedPass } from '../core/data/passThrough.ts';
import type { Sequence } from '../core/data/sequences.ts';
import type { SampleLayout } from '../core/schema/sampleLayout.ts';
import type { SampleLock } from '../core/sampling/lock/sampleLock.ts';
import type { Placement } from '../core/sampling/placement.ts';
import type { StagePlan } from '../core/sampling/plan/stagePlan.ts';
import type { SampleFormat } from '../core/table/sampleName.ts';
import type { AskedLog, AskedTable } from './askedTable.ts';
import type { DatasetRef } from './datasetRef.ts';
import type { UserChoice } from './schema/preview.ts';

export type { UserChoice } from './schema/preview.ts';
export type { SampleFormat } from '../core/table/sampleName.ts';
export type {
  EffectiveShares,
  EntryTotals,
  PairEntry,
  PreviewGroup,
  PreviewRow,
  PreviewTotals,
  Rejection,
  Why,
} from '../core/sampling/drawn.ts';
export type { SampleSummary } from '../core/sampling/sampleSummary.ts';
export type { PairExplanation, Preview, PreviewUser, SamplingFacts } from '../core/sampling/answers.ts';

/**
 * The data sets of a config that sampling reads: those that the plan draws from, and those that name and describe the
 * drawn rows.
 */
export interface SamplingData {
  /** `events`: all events that the plan names, for positives, exclusions and counts. */
  readonly log: Omit<AskedLog, 'impressions'> & {
    readonly impressions: AskedTable<'user' | 'item' | 'time', 'request' | 'position' | 'viewed' | 'teacher'> & {
      /** Columns of the file that the config uses. They decide between rows that are otherwise equal. */
      readonly used?: readonly string[];
    };
  };
  /**
   * `attributes`: columns of the file. `title`: a column with a readable item name, if the file has one. `isList`: only
   * the ids are read, so that repeated rows of an item do not matter.
   */
  readonly items?: AskedTable<'item', 'created' | 'removed'> & {
    readonly attributes: readonly string[];
    readonly title: string | null;
    readonly isList?: true;
  };
  /**
   * `log`: without `items`, the corpus is the items of the impressions, each from its first request. Missing: no entry
   * draws from the corpus, or there are `items`.
   */
  readonly corpus?: 'log';
  /** `title`: a column with readable names, if the file has one. */
  readonly users?: AskedTable<'user'> & { readonly attributes: readonly string[]; readonly title?: string };
  readonly candidates?: AskedTable<
    'item' | 'request',
    'user' | 'time' | 'channel' | 'rank' | 'reached' | 'score' | 'teacher'
  >;
  readonly rejections?: AskedTable<'user' | 'item', 'time'>;
  /** The candidates, if only their columns are copied to the output, and nothing is drawn from them. */
  readonly passedCandidates?: SamplingData['candidates'];
  /**
   * The files are an extract of a Spark job: they have the rows of some users, and `extract` what draws take from all
   * others.
   */
  readonly extract?: ExtractData;
}

/** What an extract stores about all data. Times are in microseconds since 1970; null if there are no rows. */
export interface ExtractData {
  /** Items of the pools with their weights: `entry`, `value`, `item`, `weight`. Missing without pools. */
  readonly pools?: ExtractTable;
  /** The value of `group_by` of each user: `entry`, `user`, `value`. Missing without `group_by`. */
  readonly poolUsers?: ExtractTable;
  /** Positives of the training window by item, for `downsample_hot`: `item`, `positives`. */
  readonly trainingPositives?: ExtractTable;
  /** Positives of the trainer's batches by item: `item`, `positives`. */
  readonly batchItems?: ExtractTable;
  /** Time of the newest impression, and the time until which outcomes are known. */
  readonly newest: number | null;
  readonly knownUntil: number | null;
}

export interface ExtractTable {
  readonly ref: DatasetRef;
  /** Digest of the values, computed by the job. */
  readonly digest: string;
}

/**
 * A stage of a config, ready to be sampled. The request is complete: a restarted engine can answer. The engine caches
 * what it loaded for equal data and equal pools, so another share or seed draws at once.
 */
export interface SamplingRequest {
  readonly plan: StagePlan;
  readonly data: SamplingData;
}

/** The columns and sequences that the file copies from its data sets. */
export type CopiedColumns = Pick<SampleOutput, 'names' | 'passThrough' | 'sequences'>;

/** A stage that is to be drawn by Spark, with the columns that its rows copy. */
export interface SparkInputsRequest extends SamplingRequest {
  readonly copies: CopiedColumns & Pick<SampleOutput, 'sequences'>;
}

export interface PreviewRequest extends SamplingRequest {
  /** Row order of the sample file, which defines the batches. Default: `plainPlacement`. */
  readonly placement?: Placement;
  /** Copied columns to show. Default: none. */
  readonly copies?: CopiedColumns;
  /** Exact text of ids. Unknown ids are answered with `known: false`. */
  readonly users: readonly string[];
  /** Maximum groups returned per user; totals cover all groups. Null: all. */
  readonly groupLimit: number | null;
}

export interface UsersRequest extends SamplingRequest {
  readonly choice: UserChoice;
  readonly limit: number;
  /** Users to leave out of the result. */
  readonly without: readonly string[];
}
export interface FoundUser {
  readonly user: string;
  /** Only if the users have a column with names. */
  readonly title?: string | null;
  readonly impressions: number;
  readonly positiveImpressions: number;
}

/** Items whose id begins with a text, or whose title contains it in any case. Exact matches come first. */
export interface ItemsRequest extends SamplingRequest {
  readonly text: string;
  /** True: if an id is equal, only that item, without its title. */
  readonly named?: boolean;
  readonly limit: number;
}
export interface FoundItem {
  readonly item: string;
  /** Null if the item has no title. */
  readonly title: string | null;
}

/** All exposures and events of one user, from the whole log. */
export interface StoryRequest extends SamplingRequest {
  readonly user: string;
  /** Maximum number of exposures, and of events, to return: the newest ones. */
  readonly limit: number;
}
/** Times are ISO 8601 in UTC with microseconds, ids are exact text. Lists are in the order of time. */
export interface UserStory {
  /** False if the log has no rows of the user. */
  readonly known: boolean;
  readonly exposures: readonly StoryExposure[];
  readonly events: readonly StoryEvent[];
  /** Exposures and events with a time, with those beyond the limit. */
  readonly total: { readonly exposures: number; readonly events: number };
  /** Events without a time. */
  readonly timeless: number;
  /** Names of all events of the stage, also of those that the user does not have. */
  readonly kinds: readonly string[];
  /** The window of the split, both ends included. Null without an end. */
  readonly window: { readonly from: string | null; readonly to: string | null };
  /** The training window; its end is the training cut. */
  readonly train: { readonly from: string | null; readonly to: string | null };
  /** Events after it exclude nothing, except with `within: all`. */
  readonly knownUntil: string | null;
  readonly counts: readonly StoryCount[];
  /** Titles by item, only of items that have one. */
  readonly titles: Readonly<Record<string, string>>;
}
export interface StoryExposure {
  readonly item: string;
  readonly time: string;
  readonly request: string | null;
  readonly position: string | null;
  /** True if the exposure led to an event. */
  readonly isChosen: boolean;
}
export interface StoryEvent {
  readonly event: string;
  readonly item: string;
  readonly time: string;
  /** The time of its impression, by which it excludes the item; null for an event without one. */
  readonly shown: string | null;
}
/**
 * The rows that weigh the items of a pool, if they are the same for all groups. Both ends included; null without an
 * end.
 */
export interface StoryCount {
  readonly entry: string;
  /** Names of the events that count; `impressions` counts exposures. */
  readonly of: readonly string[];
  readonly from: string | null;
  readonly to: string | null;
}

export interface PairRequest extends SamplingRequest {
  /** See `PreviewRequest`. */
  readonly placement?: Placement;
  /** Columns whose values are explained. Missing: none. */
  readonly copies?: CopiedColumns;
  readonly user: string;
  readonly item: string;
}

/** The sample file to write. */
export interface SampleOutput {
  /** Absolute: a file or a folder. An existing one is replaced when the new one is complete. */
  readonly path: string;
  readonly format: SampleFormat;
  /** `wide` requires groups of one positive: the unit `positive`. List columns require a format that supports lists. */
  readonly layout: SampleLayout;
  readonly names: Readonly<Record<OutputRole, string>>;
  /** Columns to copy into the file, each once. A text is the name of a column. */
  readonly passThrough: readonly (string | AskedPass)[];
  /** Behaviour sequences: lists of what the user did before. Missing: none. */
  readonly sequences?: readonly Sequence[];
  /** Order and files. Missing: `plainPlacement`. */
  readonly placement?: Placement;
  /** The folder that the file may not leave if only the config names the path; else null. */
  readonly within: string | null;
  /** Facts about the run from the caller. The engine adds its own and stores them in the file. */
  readonly facts: Readonly<Record<string, string>>;
  /** Rows written at a time; default: as many as fit in memory. Affects only memory and speed. */
  readonly rowsAtOnce?: number;
  /**
   * The part of the lock file that only the caller knows. Without it no lock file is written, and an existing one is
   * removed together with its sample file.
   */
  readonly origin?: SampleOrigin;
}

/** The origin of a sample file. */
export interface SampleOrigin {
  readonly generator: string;
  readonly config: SampleLock['config'];
  /** Absolute: the folder of the config. Paths of data sets are written relative to it. */
  readonly folder: string;
}

export interface SampleRequest extends SamplingRequest {
  /** Exact text of ids; null: all users that have groups. */
  readonly users: readonly string[] | null;
  readonly output: SampleOutput;
  /**
   * True if the lock file records a digest of the rows, which takes about half as long as everything else. Default:
   * only for folders.
   */
  readonly digest?: boolean;
  /** Allows a file without rows, which is refused otherwise. */
  readonly allowEmpty?: boolean;
  /**
   * Log rows in memory at a time, some hundred bytes each; all rows of one user are always in memory together. Affects
   * only memory and speed.
   */
  readonly blockRows?: number;
  /** Threads that draw; affects only speed. Default: as many as the engine has, if there is enough to draw. */
  readonly threads?: number;
  /** Memory limit of the database, instead of the engine's setting. */
  readonly memoryBytes?: number;
}
