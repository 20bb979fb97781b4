import type { DatasetName } from '../core/config/definition/data.ts';
import type { Answers, QuestionKind } from '../core/data/facts.ts';
import type { AskedEvent, AskedLog, AskedPeriod, AskedTable } from './askedTable.ts';
import type { DeclaredSequence } from '../core/audit/sampleColumns.ts';
import type { DatasetRef } from './datasetRef.ts';
import type { DuplicateKey, GroupKey } from '../core/policy/sampleKeys.ts';
import type { PassedColumn } from '../core/data/passThrough.ts';
import type { Sequence } from '../core/data/sequences.ts';
import type { SampleLayout } from '../core/schema/sampleLayout.ts';
import type { PlanExclude, Seen } from '../core/sampling/plan/stagePlan.ts';
import type { SampleOutput, SamplingData, SamplingRequest } from './sampling.ts';

/** A sample file of the other split, with its state, so that another file is another question. */
interface OtherSamples {
  readonly samples: AskedSamples;
  readonly name: string;
  readonly state: string;
}

/** A finished sample file. */
export type AskedSamples = AskedTable<
  'item' | 'label',
  | 'user'
  | 'source'
  | 'entry'
  | 'positive_item'
  | 'request'
  | 'time'
  | 'position'
  | 'weight'
  | 'log_q'
  | 'log_q_mix'
  | 'logq_correction'
> & {
  /** Counts are per sample in every layout, so a wide or grouped row counts several times. */
  readonly layout: SampleLayout;
  /** Lists that the config declares to be sequences. */
  readonly sequences?: readonly DeclaredSequence[];
};
/** Items that a user chose and that an entry never draws. `lookback` in microseconds. */
export type AskedExclude = Pick<NonNullable<PlanExclude>, 'events' | 'within' | 'lookback'>;

/** The choices of users that make a negative false. */
export interface AskedChoices {
  /** The distinct values of `exclude`, without exposures and without events that may not have happened. */
  readonly excludes: readonly AskedExclude[];
  /** Index into `excludes` by name of entry or source. Absent: it has no exclusion, or entries of the source differ. */
  readonly byName: Readonly<Record<'entry' | 'source', Readonly<Record<string, number>>>>;
  /** Events of the positives. They count as choices for negatives without a known exclusion. */
  readonly positives: readonly string[];
  /** Start of the training window. */
  readonly from: string | null;
  /** Refusals by the other side: the user may have wanted such an item. */
  readonly rejections?: Pairs;
}

type Pairs = AskedTable<'user' | 'item'>;
/** A data set whose folders are days. `folder`: the column of the folder names. */
export type AskedFolders = AskedTable<'time'> & { readonly dataset: DatasetName; readonly folder: string };

/** A data set with its columns of 0 and 1, and conditions that hold where an event is unknown. */
export type AskedFlags = AskedTable & {
  readonly dataset: DatasetName;
  readonly flags: readonly string[];
  readonly events: readonly AskedEvent[];
};

/**
 * The parameters of questions that need more than the sample file. They are complete: a restarted engine can answer.
 * Times without a zone are in `timezone`.
 */
interface AskedBy {
  groups: {
    /** `events`: sorted by weight, the highest first. */
    readonly log: AskedLog;
    /**
     * Conditions of where these events are unknown. Such rows of the impressions are no groups of the unit impression.
     */
    readonly unknown: readonly AskedEvent[];
    readonly unit: 'positive' | 'request' | 'impression';
    readonly window: AskedPeriod | null;
    /** The requests of the candidates are the groups in the unit request. */
    readonly candidates?: AskedTable<'item' | 'request', 'user' | 'time'>;
  };
  refusal: {
    readonly request: SamplingRequest;
    /** `path` is empty if the config names no sample file. */
    readonly output: SampleOutput;
    /** Maximum number of users to draw for, chosen at random by their ids, if rows must be drawn. */
    readonly mostUsers: number;
  };
  'history-lengths': {
    readonly request: SamplingRequest;
    readonly sequences: readonly Sequence[];
  };
  shortfalls: {
    readonly request: SamplingRequest;
    /** Maximum number of users to draw for, chosen at random by their ids. */
    readonly mostUsers: number;
  };
  contradictions: {
    readonly samples: AskedSamples;
    /** Columns that identify one impression or request, as far as the file has them. */
    readonly key: readonly ('user' | 'request' | 'item' | 'time' | 'position')[];
    /** Values of `source` and `entry` whose rows may contradict others, because their entries exclude nothing. */
    readonly exempt: readonly string[];
    /** Refusals by the other side: the user may have wanted such an item. */
    readonly rejections?: Pairs;
  };
  duplicates: {
    readonly samples: AskedSamples;
    readonly key: DuplicateKey;
    /** Names, in the column that names entries, of lists with common items. */
    readonly lists?: readonly string[];
  };
  'unknown-items': {
    readonly samples: AskedSamples;
    readonly items: AskedTable<'item', 'created' | 'removed'>;
    /** Pairs that appear in the logs are never too early or too late, whatever the corpus says. */
    readonly seen: readonly Pairs[];
  };
  'never-exposed': {
    readonly samples: AskedSamples;
    readonly log: AskedLog;
    /** Columns that join both tables, including `item`. */
    readonly key: readonly ('user' | 'request' | 'item')[];
    /**
     * True if the file must contain every click of the windows, because positives are neither capped nor downsampled.
     */
    readonly hasAllClicks: boolean;
    readonly windows: readonly AskedPeriod[];
  };
  'passed-values': {
    readonly samples: AskedSamples;
    /** The copied columns that the file has. */
    readonly columns: readonly PassedColumn[];
    /**
     * Values of `entry` or `source` whose rows have an exposure of their own, as positives have. Null: all rows have
     * one, or it cannot be inferred from the file.
     */
    readonly exposed: readonly string[] | null;
    readonly items?: AskedTable<'item'>;
    readonly users?: AskedTable<'user'>;
    readonly impressions?: AskedTable<'user' | 'item' | 'time', 'request'>;
    /** With the impressions: the tables of events, which also know of requests. */
    readonly clicks?: readonly AskedTable<'user', 'item' | 'request' | 'time'>[];
    readonly candidates?: AskedTable<'item' | 'request'>;
  };
  'false-negatives': {
    readonly samples: AskedSamples;
    readonly log: SamplingData['log'];
    readonly choices: AskedChoices;
  };
  'sequence-lists': {
    readonly samples: AskedSamples;
    /** `output.sequences`. */
    readonly planned: readonly Sequence[];
  };
  'sequence-log': {
    readonly samples: AskedSamples;
    /** `output.sequences`. */
    readonly planned: readonly Sequence[];
    /** With all events of the config whose steps may be in the lists. */
    readonly log: AskedLog;
    /** The eval file of a training file. */
    readonly evaluated: OtherSamples | null;
  };
  'split-times': {
    readonly samples: AskedSamples;
    /** The training cut. */
    readonly cut: string;
  };
  'future-rows': {
    readonly samples: AskedSamples;
    readonly log: SamplingData['log'];
    /** Events that make a row positive. */
    readonly events: readonly string[];
    /** The training cut, until which the outcomes of train are known, and the same for eval. */
    readonly cut: string;
    readonly knownUntil: string | null;
    /**
     * By value of `entry` or `source`: whether exposed-unclicked rows must be shown before the request of their group.
     */
    readonly exposed: Readonly<Record<string, { readonly before: boolean }>>;
    /** Values of `entry` or `source` whose rows may be exposed later, because the config allows it. */
    readonly exposedLater: readonly string[];
    /** Like `exposed`, for rejections. */
    readonly rejected: Readonly<Record<string, { readonly before: boolean }>>;
    readonly rejections?: AskedTable<'user' | 'item', 'time'>;
    /** The column of the file with the teacher's values, and the data set and column that they come from. */
    readonly teacher?: {
      readonly name: string;
      readonly from: AskedTable<'user' | 'item' | 'time' | 'request'>;
      readonly column: string;
    };
  };
  'split-overlap': {
    readonly samples: AskedSamples;
    /** Columns that identify a group, as far as the file has them. */
    readonly key: GroupKey;
    /** True if each group has exactly one positive, so that positive rows are counted as groups. */
    readonly byPositive: boolean;
    readonly other: OtherSamples | null;
  };
  'empty-groups': {
    readonly samples: AskedSamples;
    readonly key: GroupKey;
    /** True if each group must have a positive. */
    readonly byPositive: boolean;
  };
  'candidate-rows': {
    readonly samples: AskedSamples;
    readonly candidates: AskedTable<'item' | 'request', 'channel' | 'rank'>;
    /** `name`: of an entry or a source; null if the file names neither, and all negatives are candidates. */
    readonly entries: readonly {
      readonly name: string | null;
      readonly ranks: readonly [number, number] | null;
      /** The only channel whose ranks count. */
      readonly channel: string | null;
    }[];
  };
  'unseen-rows': {
    readonly samples: AskedSamples;
    readonly log: SamplingData['log'];
    /** As in `candidate-rows`. `matureAfter` in microseconds. */
    readonly entries: readonly {
      readonly name: string | null;
      readonly seen: Seen;
      readonly matureAfter: number | null;
    }[];
    /** Whether a row has the exposure of its own request. */
    readonly byRequest: boolean;
    readonly cut: string;
    readonly knownUntil: string | null;
  };
  'exposure-rates': {
    readonly samples: AskedSamples;
    /** The stage as the sampler draws it: of each split. */
    readonly requests: readonly SamplingRequest[];
  };
  'head-shares': { readonly samples: AskedSamples; readonly request: SamplingRequest };
  'hot-effect': { readonly request: SamplingRequest };
  'group-popularity': {
    readonly request: SamplingRequest;
    readonly users: AskedTable<'user'>;
    readonly attributes: readonly string[];
  };
  'item-distances': {
    readonly samples: AskedSamples;
    /** The stage as the sampler draws it: of each split. */
    readonly requests: readonly SamplingRequest[];
  };
  'sample-origin': {
    readonly samples: AskedSamples;
    /** The stage as the sampler draws it: of each split. */
    readonly requests: readonly SamplingRequest[];
  };
  chances: {
    readonly samples: AskedSamples;
    /** The stage as the sampler draws it: of each split. */
    readonly requests: readonly SamplingRequest[];
    /** Maximum number of users to draw for, chosen at random by their ids. */
    readonly mostUsers: number;
  };
  'log-q-values': {
    /** With a column of `log_q`. */
    readonly samples: AskedSamples;
    /** True if one entry draws all negatives. Otherwise only files with an entry column can be checked. */
    readonly oneEntry: boolean;
  };
  'partition-days': { readonly tables: readonly AskedFolders[] };
  'label-values': { readonly tables: readonly AskedFlags[] };
  'candidate-stages': { readonly candidates: AskedTable<'reached'> };
}

/** Questions about nothing but the sample file. */
export type SampleQuestion = Exclude<QuestionKind, keyof AskedBy>;

/** A question with everything that its answer depends on, as plain values. */
export type AskedQuestion<K extends QuestionKind = QuestionKind> = {
  [Kind in K]: { readonly kind: Kind; readonly timezone: string } & (Kind extends keyof AskedBy
    ? AskedBy[Kind]
    : { readonly samples: AskedSamples });
}[K];

/** `ref` is the data set that the question is about; the question names it again among its tables. */
export interface AnswerRequest {
  readonly ref: DatasetRef;
  readonly question: AskedQuestion;
}
export type AnswerOf<K extends QuestionKind = QuestionKind> = Answers[K];

/** Facts about files in addition to their columns, from file names and footers only. */
export interface Metadata {
  /** Exact text of the minimum and maximum of each requested column that has statistics in every file. */
  readonly ranges: Readonly<Record<string, { readonly min: string; readonly max: string }>>;
  /** Partition columns whose values look like different types, or that only some files have; in alphabetical order. */
  readonly unevenPartitions: readonly string[];
}
