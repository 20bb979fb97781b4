import type { FalseNegativeCounts } from '../audit/metrics/falseNegatives.ts';
import type { HistoryGrowth, LoggedList } from '../audit/loggedList.ts';
import type { ListCounts } from '../audit/metrics/sequences.ts';
import type { LogQFrequency } from '../statistics/logQFrequency.ts';
import type { Rate } from '../statistics/rate.ts';
import type { DistributionAnswers } from './distributionAnswers.ts';
import type { RepeatedRows } from './repeatedRows.ts';
import type { ValueAnswers } from './valueAnswers.ts';
import type { DatasetName } from '../config/definition/data.ts';
import type { Stage } from '../schema/stage.ts';
import type { Failure } from '../message/failure.ts';
import type { Column } from '../table/dataset.ts';

/** How much of the data is read: nothing, metadata of the files (columns, types, footers), or counts over all rows. */
export const factLevels = ['none', 'schema', 'data'] as const;
export type FactLevel = (typeof factLevels)[number];

/** Known facts about the files of one entry of `data`. */
export type DatasetFacts =
  | {
      readonly state: 'known';
      readonly columns: readonly Column[];
      /** Null if counting requires reading a text file to its end. */
      readonly rows: number | null;
      readonly files: number;
      readonly bytes: number;
      readonly fingerprint: string;
      /**
       * Smallest and largest value by column as exact text, if the files carry them (Parquet footers) and a caller
       * requested them.
       */
      readonly ranges: Readonly<Record<string, { readonly min: string; readonly max: string }>>;
      /** Partition columns whose values look like different types, or that only some files have. */
      readonly unevenPartitions: readonly string[];
      /** True for formats without types (CSV, TSV, JSONL). */
      readonly textual: boolean;
      /** Why not all rows can be read although the columns are known. Only counting the rows detects such damage. */
      readonly damage?: Failure;
    }
  /** No such file, or a glob or folder without a match. */
  | { readonly state: 'missing' }
  /** Damaged, encrypted, no permission, … */
  | { readonly state: 'unreadable'; readonly failure: Failure }
  /** Must not be opened: outside of the workspace, a device, …; `config/path` reports it. */
  | { readonly state: 'refused'; readonly failure: Failure }
  /** The engine failed: it stopped, ran out of memory, …; the files themselves may be fine. */
  | { readonly state: 'unknown'; readonly failure: Failure }
  /** Not read: Restricted Mode, a Spark table, a variable without value. */
  | { readonly state: 'closed'; readonly reason: 'untrusted' | 'table' | 'path' };

/** A question whose answer needs the rows, as plain data. Equal questions are answered once. */
export interface Question<Kind extends QuestionKind = QuestionKind> {
  readonly kind: Kind;
  readonly stage: Stage;
  readonly split?: 'train' | 'eval';
}

/** A few of the affected rows, as `column = value` pairs in exact text. */
export type Example = Readonly<Record<string, string>>;

/** Counts of the groups of up to 1,000 users, and of the steps of one sequence in them. */
export interface HistoryLengths {
  readonly name: string;
  readonly groups: number;
  /** Number of groups without steps. */
  readonly empty: number;
  /** Number of requests of the groups. */
  readonly requests: number;
  /** Number of steps of all groups. */
  readonly steps: number;
  /** Number of steps from the first that a user's groups need to the last, of all users. */
  readonly stored: number;
}

/** An entry in the lock file of a sample, in rows. */
export interface RecordedEntry {
  readonly name: string;
  readonly source: string;
  /** Requested rows, including `refilled`. */
  readonly asked: number;
  /** Requested rows that other entries could not draw. */
  readonly refilled: number;
  readonly drawn: number;
}

/** The pools of an entry that have items. An entry has one pool for each value of its partition. */
export interface EntryPoolFacts {
  readonly pools: number;
  /** Number of items of the smallest and of the largest pool. */
  readonly items: { readonly least: number; readonly most: number };
  /** Smallest and largest probability that a draw takes one of the 1 % of items with the largest weights (at least 1). */
  readonly hottest: { readonly least: number; readonly most: number };
}

/**
 * Answers by kind of question. Counts are exact. `rows`: rows of the sample file; in grouped and wide files, one for each
 * sample. `examples`: a few of the affected rows.
 */
export interface Answers extends DistributionAnswers, ValueAnswers {
  /** Positives and groups of a stage in the training window, before downsampling; for effective counts. */
  readonly groups: {
    /** Positives by event, counted over the rows that have the event. */
    readonly events: Readonly<Record<string, number>>;
    /** Rows that are positive by any event of the stage. */
    readonly positives: number;
    /** Number of groups: positives, requests or impressions, by the unit of the stage. */
    readonly groups: number;
  };
  /** Why sampling would stop before it writes a file of the split; null if no reason is known. */
  readonly refusal: Failure | null;
  /** About how many steps the histories of each sequence have: of some groups, without `dedup` and `session`. */
  readonly 'history-lengths': { readonly sequences: readonly HistoryLengths[] };
  /** Requested and drawn negatives by entry, drawn as the sampler draws them, but only for some users. */
  readonly shortfalls: {
    /** Number of users whose groups were drawn. */
    readonly users: number;
    /** Number of users that have groups. */
    readonly allUsers: number;
    readonly entries: readonly {
      readonly name: string;
      readonly asked: number;
      /** Rows of `asked` that refill added. Only for the entry of `refill_from`. */
      readonly refilled?: number;
      readonly drawn: number;
      /** Missing rows by cause: the pool is too small, all attempts were used, or the list is too short. */
      readonly pool: number;
      readonly attempts: number;
      readonly list: number;
      /** As in `Rate`: variance of the missing share ÷ the variance with independent rows; at least 1. */
      readonly design: number;
      /** Missing for lists, and for counts that change with the day of the group. */
      readonly pools?: EntryPoolFacts;
    }[];
  };
  /** Rows that are positive and negative in one impression or request. `pairs`: such impressions or requests. */
  readonly contradictions: { readonly rows: number; readonly pairs: number; readonly examples: readonly Example[] };
  /** Rows of a sample file that occur more than once. */
  readonly duplicates: RepeatedRows & { readonly examples: readonly Example[] };
  /** Rows whose item is not in the corpus at the time of the row. Each row is in one of the counts. */
  readonly 'unknown-items': {
    readonly rows: number;
    /** Items that are neither in the corpus nor in the log with this user. */
    readonly absent: number;
    /** Items that are not in the corpus, but in the log with this user. */
    readonly gone: number;
    /** Items that were created after the event. */
    readonly early: number;
    /** Items that were removed before the event. */
    readonly late: number;
    /** Rows of `gone` only if there are no others. */
    readonly examples: readonly Example[];
  };
  /** Rows of a fine-ranking sample file without an exposure, and clicks that the file lacks. */
  readonly 'never-exposed': {
    readonly rows: number;
    readonly unexposed: number;
    /** Clicks in the time that the file covers whose request is not in the file. */
    readonly lostClicks: number;
    readonly examples: readonly Example[];
  };
  /** Negatives of a sample file by entry. */
  readonly 'sample-mix': {
    /** `source`: the file does not name entries; null: it names neither. */
    readonly by: 'entry' | 'source' | null;
    /** `design`: as in `Rate`, for the share of the rows. */
    readonly counts: readonly { readonly name: string; readonly rows: number; readonly design: number }[];
    /** Requested and drawn negatives from the lock files; null unless every file has one. */
    readonly recorded: readonly RecordedEntry[] | null;
  };
  /** Copied values of a sample file, compared with the data sets that they come from. */
  readonly 'passed-values': {
    readonly rows: number;
    readonly columns: readonly {
      readonly name: string;
      /** Rows whose value can be compared. */
      readonly compared: number;
      /** Rows whose value differs from the value of their item, user, request or exposure. */
      readonly wrong: number;
      /** Rows of `wrong` whose value the item got only after the event. */
      readonly later: number;
      /** Rows without an exposure that nevertheless have a value of an exposure. */
      readonly foreign: number;
      readonly examples: readonly Example[];
    }[];
  };
  /** Negatives that their user had chosen. `examples`: chosen earlier, although their entry excludes choices. */
  readonly 'false-negatives': FalseNegativeCounts & { readonly examples: readonly Example[] };
  /** What the behavior sequences of a sample file say by themselves. */
  readonly 'sequence-lists': { readonly lists: readonly ListCounts[] };
  /** What the log says about them. */
  readonly 'sequence-log': { readonly lists: readonly LoggedList[]; readonly growths: readonly HistoryGrowth[] };
  /** Rows before and after the training cut. Rows without a time are in neither count. */
  readonly 'split-times': {
    readonly rows: number;
    /** The split in the lock file; null without a lock file. */
    readonly split: 'train' | 'eval' | null;
    readonly before: number;
    readonly after: number;
    readonly examples: readonly Example[];
  };
  /** Rows whose evidence is later than the time until which outcomes are known. */
  readonly 'future-rows': {
    readonly rows: number;
    /** Rows with any evidence. */
    readonly compared: number;
    /** Positives whose label is later. */
    readonly labels: number;
    /** Unclicked rows whose exposure is later; for entries with `before`, also later than the group. */
    readonly exposures: number;
    /** Exposures after the group that the config allows with `before: false`. */
    readonly declared: number;
    /** Rejections that are later; for entries with `before`, also later than the group. */
    readonly rejections: number;
    /** Teacher values that only a later request has. */
    readonly teachers: number;
    readonly examples: readonly Example[];
  };
  /** Groups of a sample file that are also in the file of the other split. */
  readonly 'split-overlap': {
    /** Sample file of the other split, relative to the folder of this one; null if there is none. */
    readonly other: string | null;
    readonly groups: number;
    readonly shared: number;
    readonly examples: readonly Example[];
  };
  /** Groups without negatives (`alone`) and groups without their positive (`orphans`). */
  readonly 'empty-groups': {
    readonly alone: Rate;
    readonly orphans: Rate;
    readonly examples: readonly Example[];
  };
  /** Negatives that must be candidates of their request, by entry; by source if the file does not name entries. */
  readonly 'candidate-rows': {
    readonly entries: readonly {
      readonly name: string | null;
      /** First and last rank of the entry; null without a limit. */
      readonly ranks: readonly [number, number] | null;
      /** The channel of the entry; null for all channels. */
      readonly channel: string | null;
      /** Absent rows by channel that returned candidates for the request, most first. Null without known channels. */
      readonly absentChannels: readonly { readonly channel: string; readonly rows: number }[] | null;
      /** Negatives that are not candidates of their request. */
      readonly absent: Rate;
      /** Negatives with a rank outside of `ranks`. */
      readonly outside: Rate;
      readonly absentExamples: readonly Example[];
      readonly outsideExamples: readonly Example[];
    }[];
  };
  /** Unclicked rows that the config would drop. `unseen`: no exposure was seen; `young`: the seen ones are too young. */
  readonly 'unseen-rows': { readonly unseen: Rate; readonly young: Rate; readonly examples: readonly Example[] };
  /** How the numeric columns of a sample file without a role rank positives against negatives. */
  readonly 'column-labels': {
    readonly rows: number;
    readonly columns: readonly {
      readonly name: string;
      readonly positives: number;
      readonly negatives: number;
      /** Positives and negatives with a value. */
      readonly knownPositives: number;
      readonly knownNegatives: number;
      /** Number of distinct values. */
      readonly distinct: number;
      /** Probability that a positive has a larger value than a negative; null without positives or negatives. */
      readonly auc: number | null;
      /** Standard error of `auc` if rows of one user depend on each other; 0 without users. */
      readonly userError: number;
      /** True if the entry decides: some entries have a value in no negative, all others have one in every negative. */
      readonly isNullByName: boolean;
    }[];
  };
  /** Settings and data in the lock file of a sample, compared with the present ones. */
  readonly 'sample-origin': {
    /** True if the file has a current lock file. */
    readonly isRecorded: boolean;
    /** Settings that differ; null where a side does not set one. */
    readonly settings: readonly {
      readonly path: string;
      readonly recorded: string | null;
      readonly present: string | null;
    }[];
    /** The recorded data sets. */
    readonly data: readonly { readonly name: string; readonly bytes: number; readonly files: number }[];
  };
  /** Probabilities of the rows of a sample file, computed again from the counts of the log. */
  readonly chances: {
    /** Number of users whose groups were compared. */
    readonly users: number;
    /** Number of users in the file. */
    readonly allUsers: number;
    /**
     * Null for a file of this config. `config`: another config wrote the file (its lock file has other settings, or it
     * has names that the mix lacks), so nothing was compared. `sampler`: the file has no lock file and the sampler does
     * not draw most of its negatives again, so columns were not compared.
     */
    readonly foreign: 'config' | 'sampler' | null;
    readonly columns: readonly {
      readonly name: string;
      readonly rows: number;
      /** Values that differ from the computed logarithm. */
      readonly wrong: number;
      /** The largest difference. */
      readonly largest: number;
      readonly examples: readonly Example[];
    }[];
    /** Entries that draw from pools. */
    readonly entries: readonly {
      readonly name: string;
      readonly rows: number;
      /** Draws of groups in which an item is so likely that its share does not show its probability. */
      readonly leftOut: number;
      /** Draws by popularity, the most popular items first. */
      readonly bins: readonly { readonly observed: number; readonly expected: number }[];
      /** Exponent of the config, and the most likely exponent of `rows` draws; null if the config has none. */
      readonly exponent: {
        readonly declared: number;
        readonly fitted: number;
        /** Standard error. */
        readonly error: number;
        readonly rows: number;
      } | null;
    }[];
    /** Draws of pools by entry, and the draws whose item is not in the pool of the group. */
    readonly outside: readonly { readonly name: string; readonly draws: number; readonly outside: number }[];
    /** Draws of pools whose item the user chose after the group: expected from the pools, and observed. */
    readonly later: { readonly draws: number; readonly expected: number; readonly observed: number };
  };
  /** Checks of the column `name` with log q that need only the sample file. */
  readonly 'log-q-values': {
    readonly name: string;
    /** Rows with a value. */
    readonly rows: number;
    /** Rows with a value above 0. */
    readonly above: number;
    /** Rows with −∞: drawn, although the probability is 0. */
    readonly never: number;
    /** Groups whose distinct items have probabilities with a sum above 1. */
    readonly groups: number;
    /** Pools whose draws can be compared with their values. */
    readonly entries: readonly ({ readonly name: string | null } & LogQFrequency)[];
    readonly examples: readonly Example[];
  };
  /** Rows of a sample file that are earlier than a row above them. */
  readonly 'time-order': { readonly rows: number; readonly earlier: number };
  /** Rows of inputs that are more than a day away from the day of their folder, for data sets in folders by day. */
  readonly 'partition-days': {
    readonly datasets: readonly {
      readonly dataset: DatasetName;
      readonly rows: number;
      readonly misplaced: number;
      readonly examples: readonly Example[];
    }[];
  };
}
export type QuestionKind = keyof Answers;
export type AnswerTo<Q extends Question> = Answers[Q['kind']];

/** Known facts about the outside world. Rules read them and never request more. */
export interface Facts {
  readonly level: FactLevel;
  dataset(name: DatasetName): DatasetFacts | undefined;
  /** The answer; a failure if it could not be computed; undefined if it was not requested (yet). */
  answer<Q extends Question>(question: Q): { readonly value: AnswerTo<Q> } | { readonly failure: Failure } | undefined;
}
