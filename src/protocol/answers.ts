import type { Answers, QuestionKind } from '../core/data/facts.ts';
import type { AskedLog, AskedPeriod, AskedTable } from './askedTable.ts';
import type { DatasetRef } from './datasetRef.ts';
import type { SamplingRequest } from './sampling.ts';

/** A finished sample file. */
export type AskedSamples = AskedTable<
  'item' | 'label',
  'user' | 'source' | 'entry' | 'positive_item' | 'request' | 'time' | 'position'
> & {
  /** `grouped`: columns of lists are taken apart, one row an element. `wide` is refused. */
  readonly layout: 'long' | 'wide' | 'grouped';
};
type Pairs = AskedTable<'user' | 'item'>;

/** What each question is given. Complete in itself: a restarted engine answers it. Times without a zone are in `timezone`. */
interface AskedBy {
  groups: {
    /** `events`: the heaviest first. */
    readonly log: AskedLog;
    readonly unit: 'positive' | 'request' | 'impression';
    readonly window: AskedPeriod | null;
    /** Their requests are the groups of the unit request. */
    readonly candidates?: AskedTable<'item' | 'request', 'user' | 'time'>;
  };
  shortfalls: {
    readonly request: SamplingRequest;
    /** With more users, this many of them, at random by their ids. */
    readonly mostUsers: number;
  };
  contradictions: {
    readonly samples: AskedSamples;
    /** Columns that name one impression or request, as far as the file has them. */
    readonly key: readonly ('user' | 'request' | 'item' | 'time' | 'position')[];
    /** Values of `source` and `entry` whose rows may contradict: their entries exclude nothing. */
    readonly exempt: readonly string[];
    /** Refusals of the other side: a user may have wanted such an item. */
    readonly rejections?: Pairs;
  };
  duplicates: {
    readonly samples: AskedSamples;
    readonly key: readonly (
      'user' | 'request' | 'item' | 'time' | 'position' | 'positive_item' | 'source' | 'entry' | 'label'
    )[];
  };
  'unknown-items': {
    readonly samples: AskedSamples;
    readonly items: AskedTable<'item', 'created' | 'removed'>;
    /** Pairs that the logs hold are not too early or too late, whatever the corpus says. */
    readonly seen: readonly Pairs[];
  };
  'never-exposed': {
    readonly samples: AskedSamples;
    readonly log: AskedLog;
    /** Columns that join both, `item` among them. */
    readonly key: readonly ('user' | 'request' | 'item')[];
    /** Whether the file is to hold every click of the windows: nothing thins out positives. */
    readonly wholeClicks: boolean;
    readonly windows: readonly AskedPeriod[];
  };
  'user-shares': { readonly samples: AskedSamples };
}

/** A question with all that its answer depends on, as plain values. */
export type AskedQuestion<K extends QuestionKind = QuestionKind> = {
  [Kind in K]: { readonly kind: Kind; readonly timezone: string } & AskedBy[Kind];
}[K];

/** `ref` is the data set that the question is about; the question names it again among its tables. */
export interface AnswerRequest {
  readonly ref: DatasetRef;
  readonly question: AskedQuestion;
}
export type AnswerOf<K extends QuestionKind = QuestionKind> = Answers[K];

/** What the files say beside their columns, from names and footers alone. */
export interface Metadata {
  /** Exact text of the smallest and largest value of the columns asked for that carry statistics in every file. */
  readonly ranges: Readonly<Record<string, { readonly min: string; readonly max: string }>>;
  /** Partition columns whose values have the look of different types, or which only some files have; in alphabetical order. */
  readonly unevenPartitions: readonly string[];
}
