import type { EventCondition } from '../config/eventConditions.ts';
import type { OutputRole } from '../data/outputName.ts';
import type { PassedColumn } from '../data/passThrough.ts';
import type { Placement } from '../sampling/placement.ts';
import type { StagePlan } from '../sampling/plan/stagePlan.ts';
import type { Where } from '../source/where.ts';
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

/** A data set of a job. */
export interface SparkTable {
  /** Format of the files: `parquet`, `csv`, … */
  readonly format: string;
  /** Absolute, with `/`: a file, a folder or a pattern, as the config resolves it. */
  readonly path: string;
  /** Whether the files lie in partitions, `name=value`. */
  readonly isPartitioned: boolean;
  /** Whether files lie in folders that are no partitions: Spark would skip them. */
  readonly isNested: boolean;
  readonly columns: readonly SparkColumn[];
  readonly roles: Readonly<Partial<Record<string, SparkRole>>>;
  readonly where?: Where;
}

/** Data sets of a job. */
export const sparkTables = ['impressions', 'items', 'users', 'candidates', 'rejections'] as const;
export type SparkTableName = (typeof sparkTables)[number];

/** Both ends of a window in microseconds, inclusive. Null: no end. */
export interface SparkPeriod {
  readonly from: number | null;
  readonly to: number | null;
}

/** The windows of a plan. Ends that only the data know are null. */
export interface SparkWindows {
  readonly train: SparkPeriod;
  readonly split: SparkPeriod;
  /** Null: the newest time of the log. */
  readonly knownUntil: number | null;
  /** Last microsecond of each day or time that an entry names as `as_of`, by its text. */
  readonly asOf: Readonly<Record<string, number>>;
}

/** What the generator knows about the data. Plain values. */
export interface SparkInputs {
  readonly tables: Readonly<Partial<Record<SparkTableName, SparkTable>>>;
  readonly events: readonly { readonly name: string; readonly condition: EventCondition; readonly table?: string }[];
  /** Columns of the impressions that decide between rows that are otherwise equal. */
  readonly used: readonly string[];
  /** Declared attributes of the users. */
  readonly userAttributes: readonly string[];
  readonly windows: SparkWindows;
  readonly passed: readonly PassedColumn[];
}

/** Everything that a script is made of. */
export interface SparkJob {
  readonly plan: StagePlan;
  readonly inputs: SparkInputs;
  readonly names: Readonly<Record<OutputRole, string>>;
  readonly layout: 'long' | 'wide' | 'grouped';
  readonly placement: Placement;
}
