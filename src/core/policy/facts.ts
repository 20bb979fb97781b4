import type { DatasetName } from '../config/definition/data.ts';
import type { Stage } from '../config/stage.ts';
import type { Failure } from '../report/failure.ts';
import type { Column } from '../table/dataset.ts';

/** How much of the data is looked at: nothing, metadata of the files (columns, types, footers), or counts over all rows. */
export const factLevels = ['none', 'schema', 'data'] as const;
export type FactLevel = (typeof factLevels)[number];

/** What is known of the files of one entry of `data`. */
export type DatasetFacts =
  | {
      readonly state: 'known';
      readonly columns: readonly Column[];
      /** Null where a text file would have to be read to its end. */
      readonly rows: number | null;
      readonly files: number;
      readonly bytes: number;
      readonly fingerprint: string;
      /** Smallest and largest value by column, where the files carry them (Parquet footers) and somebody asked; exact text. */
      readonly ranges: Readonly<Record<string, { readonly min: string; readonly max: string }>>;
      /** Partition columns whose values have the look of different types, or which only some files have. */
      readonly unevenPartitions: readonly string[];
      /** True where the files have no types of their own (CSV, TSV, JSONL). */
      readonly textual: boolean;
      /** Why not all rows can be read although the columns are known: damage that only who counts them meets. */
      readonly damage?: Failure;
    }
  /** No such file, or a glob or folder that matches nothing. */
  | { readonly state: 'missing' }
  /** Damaged, encrypted, no permission, … */
  | { readonly state: 'unreadable'; readonly failure: Failure }
  /** Not to be opened: outside of the workspace, a device, …; `config/path` says so. */
  | { readonly state: 'refused'; readonly failure: Failure }
  /** The engine could not look: it stopped, ran out of memory, …; says nothing about the files. */
  | { readonly state: 'unknown'; readonly failure: Failure }
  /** Nobody looked: Restricted Mode, a Spark table, a variable without value. */
  | { readonly state: 'closed'; readonly reason: 'untrusted' | 'table' | 'path' };

/** A question whose answer needs the rows. Questions are plain data: equal ones are asked once. Columns are those of the config. */
export type Question =
  /** Positives and groups of a stage in the training window, before downsampling; for effective counts. */
  | { readonly kind: 'groups'; readonly stage: Stage }
  /** What the entries of a stage are asked for and find, drawn as the sampler draws. */
  | { readonly kind: 'shortfalls'; readonly stage: Stage }
  /** Rows of a sample file that are positive and negative in the same impression or request. */
  | { readonly kind: 'contradictions'; readonly stage: Stage }
  /** Rows of a sample file that are there more than once. */
  | { readonly kind: 'duplicates'; readonly stage: Stage }
  /** Rows of a sample file whose item is not of the corpus at that time. */
  | { readonly kind: 'unknown-items'; readonly stage: Stage }
  /** Rows of the sample file of fine ranking without an exposure, and clicks whose request it lacks. */
  | { readonly kind: 'never-exposed'; readonly stage: Stage }
  /** The share of the rows of a sample file that the most frequent users own. */
  | { readonly kind: 'user-shares'; readonly stage: Stage };
export type QuestionKind = Question['kind'];

/** A few of the rows concerned, as `column = value` pairs in exact text. */
export type Example = Readonly<Record<string, string>>;

/** Counts are exact. `rows` is how many rows the sample file has, one a sample; `examples` are a few of the rows concerned. */
export interface Answers {
  readonly groups: {
    /** Positives by event, of the rows that have it. */
    readonly events: Readonly<Record<string, number>>;
    /** Rows that are positive by any event of the stage. */
    readonly positives: number;
    /** Groups: positives, requests or impressions, by the unit of the stage. */
    readonly groups: number;
  };
  /** Negatives by entry, over the groups of `users` of the `allUsers` that have any; `pool`, `attempts` and `list`: missing ones by cause. */
  readonly shortfalls: {
    readonly users: number;
    readonly allUsers: number;
    readonly entries: readonly {
      readonly name: string;
      readonly asked: number;
      readonly drawn: number;
      readonly pool: number;
      readonly attempts: number;
      readonly list: number;
    }[];
  };
  /** `pairs`: impressions or requests with an item that is both. */
  readonly contradictions: { readonly rows: number; readonly pairs: number; readonly examples: readonly Example[] };
  /** `repeated`: rows beyond the first of their kind. */
  readonly duplicates: { readonly rows: number; readonly repeated: number; readonly examples: readonly Example[] };
  /** `absent` from the corpus, `early`: created after the event, `late`: removed before it. A row counts once. */
  readonly 'unknown-items': {
    readonly rows: number;
    readonly absent: number;
    readonly early: number;
    readonly late: number;
    readonly examples: readonly Example[];
  };
  /** `unexposed`: rows without an exposure. `lostClicks`: clicks of the time that the file covers whose request it lacks. */
  readonly 'never-exposed': {
    readonly rows: number;
    readonly unexposed: number;
    readonly lostClicks: number;
    readonly examples: readonly Example[];
  };
  /** The most frequent hundredth of the users, at least one, and their rows. */
  readonly 'user-shares': {
    readonly rows: number;
    readonly users: number;
    readonly topUsers: number;
    readonly topRows: number;
  };
}
export type AnswerTo<Q extends Question> = Answers[Q['kind']];

/** What the outside world is known to hold. Rules read it and never ask for more. */
export interface Facts {
  readonly level: FactLevel;
  dataset(name: DatasetName): DatasetFacts | undefined;
  /** The answer; a failure where it could not be found; undefined where nobody asked (yet). */
  answer<Q extends Question>(question: Q): { readonly value: AnswerTo<Q> } | { readonly failure: Failure } | undefined;
}
