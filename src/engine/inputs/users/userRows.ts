/**
 * The log rows of one user. The columns of each table have equal length. Items are item numbers, times are
 * microseconds.
 */
export interface UserRows {
  readonly user: string;
  readonly log: UserLog;
  readonly candidates: UserCandidates;
  readonly rejections: UserRejections;
  readonly unmatched: UserEvents;
  /** The earliest event of each request, of the separate tables that have both. */
  readonly eventRequests: UserRequests;
  /** By attribute of `data.users`. */
  readonly attributes: Readonly<Record<string, string | null>>;
}

/** The impressions, in any order. */
export interface UserLog {
  readonly item: Uint32Array;
  readonly time: Float64Array;
  /** Days since 1970 in the time zone of the config. */
  readonly day: Float64Array;
  /** Exact text; null without a request. */
  readonly request: readonly (string | null)[];
  readonly position: readonly (string | null)[];
  readonly viewed: Uint8Array;
  /**
   * Row number in a stored log. If the log is read from its files, 0; with a teacher or copied columns of the log, the
   * number among the user's rows in the order of a stored log, from 1.
   */
  readonly row: Uint32Array;
  /** Value of the teacher; NaN without one. */
  readonly teacher: Float64Array;
  /** For each event name: 1 if the event happened for the row. */
  readonly events: Readonly<Record<string, Uint8Array>>;
  /** For each event of a separate table with times: the time of the row's event in microseconds; NaN if none. */
  readonly eventTimes: Readonly<Record<string, Float64Array>>;
}

/** Events without an impression. NaN or null if they have no value. */
export interface UserEvents {
  readonly item: Uint32Array;
  /** NaN: the event counts always. */
  readonly time: Float64Array;
  /** The time of an impression after the event; up to any earlier time, the event has none. */
  readonly shown: Float64Array;
  /** Days since 1970 in the time zone of the config. */
  readonly day: Float64Array;
  /** Exact text. */
  readonly request: readonly (string | null)[];
  /** 1 if the event can be a positive of the unit positive. */
  readonly isPositive: Uint8Array;
  /** For each event name: 1 if the event happened for the row. */
  readonly events: Readonly<Record<string, Uint8Array>>;
}

/** Distinct requests, as exact texts, and a time of each. */
export interface UserRequests {
  readonly request: readonly string[];
  readonly time: Float64Array;
}

/** NaN or null if the file has no value or no such column. */
export interface UserCandidates {
  readonly item: Uint32Array;
  readonly request: readonly (string | null)[];
  readonly time: Float64Array;
  readonly channel: readonly (string | null)[];
  readonly rank: Float64Array;
  readonly score: Float64Array;
  readonly teacher: Float64Array;
  readonly reached: readonly (string | null)[];
}

/** A rejection without a time has the time NaN. */
export interface UserRejections {
  readonly item: Uint32Array;
  readonly time: Float64Array;
}

/** Number of rows in all tables. */
export function rowCount({ log, candidates, rejections, unmatched }: UserRows): number {
  return log.item.length + candidates.item.length + rejections.item.length + unmatched.item.length;
}

/** The key of the impressions of one request: its id, else their time. The two kinds of keys never collide. */
export function requestKey(request: string | null, time: number): string {
  return request === null ? `@${time}` : `#${request}`;
}
