import type { Where } from '../core/source/where.ts';
import type { DatasetRef } from './datasetRef.ts';

/** A column as a question names it: with the unit of integer times, and the type that the config gives an id. */
export interface AskedColumn {
  readonly name: string;
  readonly unit?: 's' | 'ms' | 'us';
  readonly type?: 'int64' | 'string';
}

/** A data set and what its columns are. Roles are those of the config. */
export interface AskedTable<Required extends string = never, Optional extends string = never> {
  readonly ref: DatasetRef;
  readonly columns: Readonly<Record<Required, AskedColumn>> & Readonly<Partial<Record<Optional, AskedColumn>>>;
  /** Rows that count; all without it. */
  readonly where?: Where;
}

/** When an event holds: a boolean or 0-1 column, or a comparison. The column is one of the impressions, else of the clicks. */
export interface AskedEvent {
  readonly name: string;
  readonly column: string;
  readonly op?: '=' | '!=' | '>' | '>=' | '<' | '<=';
  readonly value?: string | number | boolean;
}

/** Ends of a window as the config writes them: a day (whole) or a time, both included. */
export interface AskedPeriod {
  readonly from?: string;
  readonly to?: string;
}

/** The log, with the events that make a row positive; with `clicks` joined by user, request and item, else by user and item. */
export interface AskedLog {
  readonly impressions: AskedTable<'user' | 'item' | 'time', 'request' | 'position'>;
  readonly clicks?: AskedTable<'user' | 'item', 'request'>;
  readonly events: readonly AskedEvent[];
}
