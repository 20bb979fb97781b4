import type { EventCondition } from '../config/eventConditions.ts';
import type { OutputRole } from '../data/outputName.ts';
import type { SampleLayout } from '../schema/sampleLayout.ts';
import type { Sequence, StepCopy } from '../data/sequences.ts';
import type { PassedColumn } from '../data/passThrough.ts';
import type { Placement } from '../sampling/placement.ts';
import type { StagePlan } from '../sampling/plan/stagePlan.ts';
import type { Where } from '../source/where.ts';
import type { DayRange } from '../table/day.ts';
import type { LogicalType } from '../table/type.ts';

/** A column of an input in a role. */
export interface SparkRole {
  readonly name: string;
  /** Of integer times. */
  readonly unit?: 's' | 'ms' | 'us';
  /** Type that the config gives an id. */
  readonly type?: 'int64' | 'string';
}

export interface SparkColumn {
  readonly name: string;
  readonly type: LogicalType;
}

/** A file that Spark reads twice, although its links are read once here; or only one of both reads. */
export interface OtherFile {
  readonly path: string;
  readonly difference: 'twice' | 'only by Spark' | 'never by Spark';
}

/** A data set of a job. */
export interface SparkTable {
  /** Format of the files: `parquet`, `csv`, …; `parquet` of a table, which is read by name. */
  readonly format: string;
  /** Absolute, with `/`: a file, a folder or a pattern, as the config resolves it. The name of a table. */
  readonly path: string;
  /** True if the path is a pattern; false for one whose characters are those of the name. */
  readonly isPattern: boolean;
  /** Parts of the name of a table in the catalog: catalog, database, table. Null: files. */
  readonly table: readonly string[] | null;
  /** True if the files lie in partitions, `name=value`. */
  readonly isPartitioned: boolean;
  /** Compression of whole files: `none`, `gzip`, `zstd`. */
  readonly compression: string;
  /** How delimited text is written; null for other formats. */
  readonly text: { readonly delimiter: string; readonly hasHeader: boolean } | null;
  /** True if files lie in folders that are no partitions: Spark would skip them. */
  readonly isNested: boolean;
  /** The folders of the files that are read, or the file if it is a single one, without links. */
  readonly realPlaces: readonly string[];
  /** How Spark would read other files by the same path; null: it reads the same ones. */
  readonly otherFile: OtherFile | null;
  readonly columns: readonly SparkColumn[];
  readonly roles: Readonly<Partial<Record<string, SparkRole>>>;
  readonly where?: Where;
  /** The days of its folders that count, as of `dayNumber`, with the column of the folder names. */
  readonly days?: DayRange & { readonly column: string };
}

/** Data sets of a job. */
export const sparkTables = ['impressions', 'items', 'users', 'candidates', 'rejections'] as const;
export type SparkTableName = (typeof sparkTables)[number];

/** A table of events. */
export interface SparkEventTable {
  /** `clicks`, or `clicks.<name>`. */
  readonly name: string;
  readonly table: SparkTable;
  /** Without requests: microseconds from the impression to the event, at most. */
  readonly within: number;
  /** How an event without an impression counts. */
  readonly unmatched: 'exclude' | 'positive' | 'ignore';
}

/** Both ends of a window in microseconds, inclusive. Null: no end. */
export interface SparkPeriod {
  readonly from: number | null;
  readonly to: number | null;
}

/** The windows of a plan. Ends that only the data know are null. */
export interface SparkWindows {
  readonly train: SparkPeriod;
  readonly split: SparkPeriod;
  /** Null: the newest time of the log is used. */
  readonly knownUntil: number | null;
  /** Last microsecond of each day or time that an entry names as `as_of`, by its text. */
  readonly asOf: Readonly<Record<string, number>>;
  /**
   * By name of an entry with `as_of: day`, if the cut is no end of a day and groups are later: the first microsecond
   * that these groups count; null: no bound.
   */
  readonly afterCut: Readonly<Record<string, number | null>>;
}

/** A sequence of the output, and where the columns that it copies come from. */
export interface SparkSequence extends Sequence {
  readonly copies: readonly StepCopy[];
}

/** What the generator knows about the data. Plain values. */
export interface SparkInputs {
  readonly tables: Readonly<Partial<Record<SparkTableName, SparkTable>>>;
  /** `log`: without items, the corpus is the items of the impressions. */
  readonly corpus?: 'log';
  /** True if only the ids of the items are read, so that repeated rows do not matter. */
  readonly isItemList?: true;
  /** Tables of events that the impressions do not have. */
  readonly clicks: readonly SparkEventTable[];
  readonly events: readonly { readonly name: string; readonly condition: EventCondition; readonly table?: string }[];
  /** Columns of the impressions that decide between rows that are otherwise equal. */
  readonly pickColumns: readonly string[];
  /** Declared attributes of the users. */
  readonly userAttributes: readonly string[];
  readonly windows: SparkWindows;
  readonly passed: readonly PassedColumn[];
  readonly sequences: readonly SparkSequence[];
}

/** Everything that a script is made of. */
export interface SparkJob {
  readonly plan: StagePlan;
  readonly inputs: SparkInputs;
  readonly names: Readonly<Record<OutputRole, string>>;
  readonly layout: SampleLayout;
  readonly placement: Placement;
  /** Ids of the users whose groups are drawn; null: all. Pools, counts and q are always of the whole data. */
  readonly users: readonly string[] | null;
}
