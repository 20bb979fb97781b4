import type { Where } from '../core/source/where.ts';
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
}

/**
 * When an event holds: a boolean or 0/1 column, or a comparison. The column belongs to the impressions, else to the
 * clicks.
 */
export interface AskedEvent {
  readonly name: string;
  readonly column: string;
  readonly op?: '=' | '!=' | '>' | '>=' | '<' | '<=';
  readonly value?: string | number | boolean;
}

/** Both ends of a window, as the config writes them: a whole day or a time; both are inclusive. */
export interface AskedPeriod {
  readonly from?: string;
  readonly to?: string;
}

/**
 * The log, with the events that make a row positive. `clicks` are joined by user, request and item if there are
 * requests, else by user and item.
 */
export interface AskedLog {
  readonly impressions: AskedTable<'user' | 'item' | 'time', 'request' | 'position'>;
  readonly clicks?: AskedTable<'user' | 'item', 'request' | 'time'>;
  readonly events: readonly AskedEvent[];
}
