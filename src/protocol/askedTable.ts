import type { DatasetName } from '../core/config/definition/data.ts';
import type { ColumnComparison, Where } from '../core/source/where.ts';
import type { EventCondition } from '../core/config/eventConditions.ts';
import type { ClicksTable } from '../core/data/dataColumns.ts';
import type { FeatureKey, FeatureTime } from '../core/data/featureTables.ts';
import type { DayRange } from '../core/table/day.ts';
import type { DatasetRef } from './datasetRef.ts';

/** A column in a question, with the unit of integer times and the type that the config gives an id. */
export interface AskedColumn {
  readonly name: string;
  readonly unit?: 's' | 'ms' | 'us';
  readonly type?: 'int64' | 'string';
}

/** A data set with its columns by role. The roles are those of the config. */
export interface AskedTable<Required extends string = never, Optional extends string = never> {
  readonly ref: DatasetRef;
  readonly columns: Readonly<Record<Required, AskedColumn>> & Readonly<Partial<Record<Optional, AskedColumn>>>;
  /** Only these rows count; if it is missing, all rows count. */
  readonly where?: Where;
  /** Folders of other days need not be read. Missing: all files are read. */
  readonly days?: AskedDays;
}

/** Days of the folders that an answer depends on. */
export interface AskedDays extends DayRange {
  /** Column of the folder names whose value is the day of `time`. */
  readonly column: string;
}

/** When an event holds: a boolean or 0/1 column, a comparison, or a composition of these. */
export type AskedEvent = EventCondition & {
  readonly name: string;
  /** Name of the table of events that has the columns. Missing: the impressions. */
  readonly table?: DatasetName;
};

/** Both ends of a window, as the config writes them: a whole day or a time; both are inclusive. */
export interface AskedPeriod {
  readonly from?: string;
  readonly to?: string;
}

/** A table of events. Without a request column, an event belongs to an impression of its user and item. */
export interface AskedEventTable extends AskedTable<'user', 'item' | 'value' | 'request' | 'time'> {
  readonly name: ClicksTable['name'];
  /** Without requests: microseconds from the impression to the event, at most. */
  readonly within: number;
  /** What an event without an impression does. */
  readonly unmatched: 'exclude' | 'positive' | 'ignore';
}

/** A table of events with items. Without them, its rows are only steps of sequences. */
export type ItemEventTable = AskedEventTable & AskedTable<'user' | 'item', 'request' | 'time'>;
export const hasItems = (table: AskedEventTable): table is ItemEventTable => table.columns.item !== undefined;

/** The log, with the events that make a row positive. */
export interface AskedLog {
  readonly impressions: AskedTable<'user' | 'item' | 'time', 'request' | 'position'>;
  /** The tables of events, ordered by name. Missing without any. */
  readonly clicks?: readonly AskedEventTable[];
  readonly events: readonly AskedEvent[];
}

/** Roles of the times of a table of features. */
export type FeatureRole = 'time' | 'snapshot' | 'known' | 'valid_from' | 'valid_to' | 'deleted';

/** A table of features. */
export interface AskedFeatures extends AskedTable<never, FeatureKey | FeatureRole> {
  readonly name: `features.${string}`;
  readonly time: FeatureTime;
  /** The comparison by which a row is deleted. Missing: the column `deleted` is a flag, if there is one. */
  readonly deleted?: ColumnComparison;
}
