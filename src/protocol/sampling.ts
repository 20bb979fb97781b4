import type { SampleLock } from '../core/sampling/lock/sampleLock.ts';
import type { StagePlan } from '../core/sampling/plan/stagePlan.ts';
import type { AskedLog, AskedTable } from './askedTable.ts';

export type {
  EntryTotals,
  PairEntry,
  PreviewGroup,
  PreviewRow,
  PreviewTotals,
  Rejection,
  RejectionReason,
  Shortfall,
  ShortfallCause,
  Why,
} from '../core/sampling/drawn.ts';
export type { SampleSummary } from '../core/sampling/sampleSummary.ts';
export type { ItemFacts, PairExplanation, Preview, PreviewUser, SamplingFacts } from '../core/sampling/answers.ts';

/** The data sets of a config as sampling reads them: those that the plan draws from, and those that name and describe what is drawn. */
export interface SamplingData {
  /** `events`: all that the plan names, for positives, exclusions and counts. */
  readonly log: Omit<AskedLog, 'impressions'> & {
    readonly impressions: AskedTable<'user' | 'item' | 'time', 'request' | 'position' | 'viewed'>;
  };
  /** `attributes`: columns of the file; `title`: a column that names an item for people, where the file has one. */
  readonly items?: AskedTable<'item', 'created' | 'removed'> & {
    readonly attributes: readonly string[];
    readonly title: string | null;
  };
  readonly users?: AskedTable<'user'> & { readonly attributes: readonly string[] };
  readonly candidates?: AskedTable<
    'item' | 'request',
    'user' | 'time' | 'channel' | 'rank' | 'reached' | 'score' | 'teacher'
  >;
  readonly rejections?: AskedTable<'user' | 'item', 'time'>;
}

/**
 * A stage of a config as it is sampled. Complete in itself: a restarted engine answers it. The engine keeps what it loaded for equal data and equal
 * pools, so that another share or seed draws at once.
 */
export interface SamplingRequest {
  readonly plan: StagePlan;
  readonly data: SamplingData;
}

export interface PreviewRequest extends SamplingRequest {
  /** Exact text of ids. Unknown ones are answered with `known: false`. */
  readonly users: readonly string[];
  /** Groups of each user that are returned; totals are over all of them. Null: all. */
  readonly groupLimit: number | null;
}

/** But for a search, users who have groups come before the others, of whom there is nothing to preview. */
export type UserChoice =
  /** Ids that begin with the text, an equal one first. */
  | { readonly kind: 'search'; readonly text: string }
  /** `salt`: another one gives other users. */
  | { readonly kind: 'random'; readonly salt: number }
  /** By impressions in the window; `coldest` have at least one positive, where any user has. */
  | { readonly kind: 'heaviest' | 'coldest' };
export interface UsersRequest extends SamplingRequest {
  readonly choice: UserChoice;
  readonly limit: number;
  /** Users that are not wanted again. */
  readonly without: readonly string[];
}
export interface FoundUser {
  readonly user: string;
  readonly shown: number;
  readonly chosen: number;
}

export interface PairRequest extends SamplingRequest {
  readonly user: string;
  readonly item: string;
}

/** What a column of a generated file is. */
export const outputRoles = [
  'user',
  'item',
  'label',
  'source',
  'entry',
  'positive_item',
  'request',
  'time',
  'position',
  'draw',
  'log_q',
  'log_q_mix',
  'weight',
  'keep_prob',
] as const;
export type OutputRole = (typeof outputRoles)[number];

export const sampleFormats = ['parquet', 'arrow', 'csv', 'jsonl'] as const;
export type SampleFormat = (typeof sampleFormats)[number];

export type SampleLayout = 'long' | 'wide' | 'grouped';

/** A sample file to be written. */
export interface SampleOutput {
  /** Absolute. A file that stands there is replaced when the new one is whole. */
  readonly path: string;
  readonly format: SampleFormat;
  /** `wide` is for groups of one positive: the unit `positive`. Lists need a format that has them. */
  readonly layout: SampleLayout;
  readonly names: Readonly<Record<OutputRole, string>>;
  /** Columns of the impressions, the items or the users that are carried to the file, each once. Of the impressions: those of the row's own exposure. */
  readonly passThrough: readonly string[];
  /** The folder that the file may not lead out of, where the config alone says where it goes; else null. */
  readonly within: string | null;
  /** What the caller knows of how the file came about, kept with what the engine knows. */
  readonly facts: Readonly<Record<string, string>>;
  /** Rows that are written at a time; without it as many as memory holds. Changes nothing but memory and speed. */
  readonly rowsAtOnce?: number;
  /** What the lock file says that only the caller knows; without it none is written, and one that stood there is taken away with its sample file. */
  readonly origin?: SampleOrigin;
}

/** Where a sample file comes from. */
export interface SampleOrigin {
  readonly generator: string;
  readonly config: SampleLock['config'];
  /** Absolute: the folder of the config, from which the paths of data sets are told. */
  readonly folder: string;
}

export interface SampleRequest extends SamplingRequest {
  /** Exact text of ids; null: all users that have groups. */
  readonly users: readonly string[] | null;
  readonly output: SampleOutput;
  /** Writes a file without rows, which is refused otherwise. */
  readonly allowEmpty?: boolean;
  /** Rows of the logs that are in memory at a time, some hundred bytes each; all of one user are, however many. Changes nothing but memory and speed. */
  readonly blockRows?: number;
  /** Threads that draw; changes nothing but speed. Default: as many as the engine has, where there is enough to draw. */
  readonly threads?: number;
  /** The most that the database takes in memory, instead of what the engine was given. */
  readonly memoryBytes?: number;
}
