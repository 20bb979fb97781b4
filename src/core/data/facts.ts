import type { FalseNegativeCounts } from '../audit/metrics/falseNegatives.ts';
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
      /** Null if a text file would have to be read to its end. */
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
      /** True for files without types of their own (CSV, TSV, JSONL). */
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

/**
 * A question whose answer needs the rows. Questions are plain data; equal ones are answered once. Columns are those of
 * the config.
 */
export interface Question<Kind extends QuestionKind = QuestionKind> {
  readonly kind: Kind;
  readonly stage: Stage;
  readonly split?: 'train' | 'eval';
}

/** A few of the affected rows, as `column = value` pairs in exact text. */
export type Example = Readonly<Record<string, string>>;

/** An entry in the lock file of a sample. `asked` includes `refilled`, which other entries were short of. */
export interface RecordedEntry {
  readonly name: string;
  readonly source: string;
  readonly asked: number;
  readonly refilled: number;
  readonly drawn: number;
}

/**
 * The pools of an entry that have items, one by value of its partition. `hottest`: the chance of a draw to take one of
 * the 1 % of the items with the largest weights, at least one item.
 */
export interface EntryPoolFacts {
  readonly pools: number;
  readonly items: { readonly least: number; readonly most: number };
  readonly hottest: { readonly least: number; readonly most: number };
}

/**
 * Answers by kind of question. Counts are exact. `rows`: number of rows of the sample file, one per sample. `examples`:
 * a few of the affected rows.
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
  /** Why no sample file of the split of a stage would be written; null if nothing is known that prevents it. */
  readonly refusal: Failure | null;
  /**
   * Requested and drawn negatives by entry, drawn as the sampler draws them for the groups of `users` users; `allUsers`
   * users have any group. `pool`, `attempts` and `list`: shortfall by cause. `design`: how much the variance of their
   * share exceeds that of independent rows, because rows of one user are alike; at least 1.
   */
  readonly shortfalls: {
    readonly users: number;
    readonly allUsers: number;
    readonly entries: readonly {
      readonly name: string;
      readonly asked: number;
      /** Rows of `asked` that refill added. Only for the entry of `refill_from`. */
      readonly refilled?: number;
      readonly drawn: number;
      readonly pool: number;
      readonly attempts: number;
      readonly list: number;
      readonly design: number;
      /** Missing for lists, and for counts that move with the day. */
      readonly pools?: EntryPoolFacts;
    }[];
  };
  /**
   * Rows of a sample file that are positive and negative in the same impression or request. `pairs`: impressions or
   * requests with an item that is both.
   */
  readonly contradictions: { readonly rows: number; readonly pairs: number; readonly examples: readonly Example[] };
  /** Rows of a sample file that occur more than once. */
  readonly duplicates: RepeatedRows & { readonly examples: readonly Example[] };
  /**
   * Rows of a sample file whose item is not in the corpus at that time. `absent`: not in the corpus; `gone`: neither,
   * but the log has the pair of user and item; `early`: created after the event; `late`: removed before it. A row
   * counts once. `examples`: of `gone` only without others.
   */
  readonly 'unknown-items': {
    readonly rows: number;
    readonly absent: number;
    readonly gone: number;
    readonly early: number;
    readonly late: number;
    readonly examples: readonly Example[];
  };
  /**
   * Rows of the fine-ranking sample file without an exposure, and clicks whose request is missing from it. `unexposed`:
   * rows without an exposure. `lostClicks`: clicks in the time that the file covers whose request is missing from it.
   */
  readonly 'never-exposed': {
    readonly rows: number;
    readonly unexposed: number;
    readonly lostClicks: number;
    readonly examples: readonly Example[];
  };
  /**
   * Negatives of a sample file by entry, or by source if the file does not name entries. `by` is null if it names
   * neither. `recorded`: the requested and drawn negatives of the runs that wrote the files, from their lock files;
   * null unless each file has one. `design`: as in `shortfalls`, of the share of the rows.
   */
  readonly 'sample-mix': {
    readonly by: 'entry' | 'source' | null;
    readonly counts: readonly { readonly name: string; readonly rows: number; readonly design: number }[];
    readonly recorded: readonly RecordedEntry[] | null;
  };
  /**
   * Values of a sample file that differ from those of the data sets that they were copied from. By copied column:
   * `compared`: rows whose value has an origin to compare with; `wrong`: rows whose value is not the one of their own
   * item, user, request or exposure; `later`: those of them whose value their item got only after the event; `foreign`:
   * rows without an exposure of their own that have a value of an exposure.
   */
  readonly 'passed-values': {
    readonly rows: number;
    readonly columns: readonly {
      readonly name: string;
      readonly compared: number;
      readonly wrong: number;
      readonly later: number;
      readonly foreign: number;
      readonly examples: readonly Example[];
    }[];
  };
  /**
   * Negatives of a sample file that their user had chosen, by entry. `examples`: negatives that were chosen earlier
   * although their entries exclude choices.
   */
  readonly 'false-negatives': FalseNegativeCounts & { readonly examples: readonly Example[] };
  /**
   * Rows of a sample file before and after the training cut. `split`: as the lock file says; null without one. Rows
   * without a time are in neither count.
   */
  readonly 'split-times': {
    readonly rows: number;
    readonly split: 'train' | 'eval' | null;
    readonly before: number;
    readonly after: number;
    readonly examples: readonly Example[];
  };
  /**
   * Rows of a sample file whose evidence came only after the time until
   * which outcomes are known: `labels` of positives, `exposures` of unclicked rows, and `rejections`; of entries with
   * `before`, also after the group. `declared`: exposures after the group by `before: false`. `teachers`: values of
   * only a later request. `compared`: rows with any evidence.
   */
  readonly 'future-rows': {
    readonly rows: number;
    readonly compared: number;
    readonly labels: number;
    readonly exposures: number;
    readonly declared: number;
    readonly rejections: number;
    readonly teachers: number;
    readonly examples: readonly Example[];
  };
  /**
   * Groups of a sample file that are also in the file of the other split. `other`: the sample file of the other split,
   * relative to the folder of this one; null if there is none.
   */
  readonly 'split-overlap': {
    readonly other: string | null;
    readonly groups: number;
    readonly shared: number;
    readonly examples: readonly Example[];
  };
  /**
   * Groups of a sample file without negatives or without their positive. `alone`: groups without negatives, as a rate
   * over groups; `orphans`: without their positive.
   */
  readonly 'empty-groups': {
    readonly alone: Rate;
    readonly orphans: Rate;
    readonly examples: readonly Example[];
  };
  /**
   * Negatives of a sample file that should be candidates of their request. By entry, or by source if the file does not
   * name entries: negatives that are no candidates of their request, and those with another rank than `ranks`.
   */
  readonly 'candidate-rows': {
    readonly entries: readonly {
      readonly name: string | null;
      readonly ranks: readonly [number, number] | null;
      /** The only channel of the entry. */
      readonly channel: string | null;
      /**
       * Absent rows by channel that returned candidates for their request, most first. Null if channels are not known.
       */
      readonly absentChannels: readonly { readonly channel: string; readonly rows: number }[] | null;
      readonly absent: Rate;
      readonly outside: Rate;
      readonly absentExamples: readonly Example[];
      readonly outsideExamples: readonly Example[];
    }[];
  };
  /**
   * Unclicked rows of a sample file that the config would drop: not seen, or too young. `unseen`: no exposure of the
   * row was seen; `young`: those that were seen are too young.
   */
  readonly 'unseen-rows': { readonly unseen: Rate; readonly young: Rate; readonly examples: readonly Example[] };
  /**
   * How the numeric columns of a sample file that have no role rank positives against negatives. `known…`: rows with a
   * value; `distinct`: number of values; `auc`: probability that a positive has a larger value than a negative, null
   * without both; `userError`: its standard error with rows of one user dependent on each other, 0 without users.
   * `isNullByName`: some entries have no value in any of their negatives, and all others have one in all.
   */
  readonly 'column-labels': {
    readonly rows: number;
    readonly columns: readonly {
      readonly name: string;
      readonly positives: number;
      readonly negatives: number;
      readonly knownPositives: number;
      readonly knownNegatives: number;
      readonly distinct: number;
      readonly auc: number | null;
      readonly userError: number;
      readonly isNullByName: boolean;
    }[];
  };
  /**
   * The settings and data that the lock file of a sample records, against the present ones. `isRecorded`: the file has
   * a current lock file. `settings`: those that differ, null where one side has none. `data`: the recorded data sets.
   */
  readonly 'sample-origin': {
    readonly isRecorded: boolean;
    readonly settings: readonly {
      readonly path: string;
      readonly recorded: string | null;
      readonly present: string | null;
    }[];
    readonly data: readonly { readonly name: string; readonly bytes: number; readonly files: number }[];
  };
  /**
   * Chances of the rows of a sample file, computed again from the counts of the log. Compared for the groups of `users`
   * of the `allUsers` users of the file. `foreign`: null for a file of this config. `config`: another config wrote the
   * file (its lock file has other settings, or it has names that the mix lacks), and nothing was compared. `sampler`:
   * without a lock file, the sampler draws most of its negatives otherwise, and the columns were not compared.
   *
   * `columns`: values that differ from the computed logarithm, and the `largest` difference. `entries`: pools, with the
   * draws by popularity, the most popular items first. `leftOut`: draws of groups in which an item is so likely that
   * its share is not its chance. `exponent`: the most likely one of `rows` draws, with its standard error; null without
   * an exponent. `outside`: draws of pools whose item is not in the pool of the group. `later`: draws of pools whose
   * item the user chose after the group, and how many of them the pools lead to.
   */
  readonly chances: {
    readonly users: number;
    readonly allUsers: number;
    readonly foreign: 'config' | 'sampler' | null;
    readonly columns: readonly {
      readonly name: string;
      readonly rows: number;
      readonly wrong: number;
      readonly largest: number;
      readonly examples: readonly Example[];
    }[];
    readonly entries: readonly {
      readonly name: string;
      readonly rows: number;
      readonly leftOut: number;
      readonly bins: readonly { readonly observed: number; readonly expected: number }[];
      readonly exponent: {
        readonly declared: number;
        readonly fitted: number;
        readonly error: number;
        readonly rows: number;
      } | null;
    }[];
    readonly outside: readonly { readonly name: string; readonly draws: number; readonly outside: number }[];
    readonly later: { readonly draws: number; readonly expected: number; readonly observed: number };
  };
  /**
   * What the values of log q in a sample file say by themselves. `name`: the column. `rows` with a value; `above` 0;
   * `never`: draws with −∞. `groups` whose distinct items have probabilities that sum to more than 1. `entries`: pools
   * whose draws can be compared with their values.
   */
  readonly 'log-q-values': {
    readonly name: string;
    readonly rows: number;
    readonly above: number;
    readonly never: number;
    readonly groups: number;
    readonly entries: readonly ({ readonly name: string | null } & LogQFrequency)[];
    readonly examples: readonly Example[];
  };
  /** Rows of a sample file that are earlier than some row before them. */
  readonly 'time-order': { readonly rows: number; readonly earlier: number };
  /**
   * Rows of the inputs that are more than a day away from the day of their folder, for each data set with a partition
   * by day.
   */
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
