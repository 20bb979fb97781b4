/** What the logs hold of one user: columns of equal length a table. Items are item numbers, times microseconds. */
export interface UserRows {
  readonly user: string;
  readonly log: UserLog;
  readonly candidates: UserCandidates;
  readonly rejections: UserRejections;
  /** By attribute of `data.users`. */
  readonly attributes: Readonly<Record<string, string | null>>;
}

/** The impressions, in any order. */
export interface UserLog {
  readonly item: Uint32Array;
  readonly time: Float64Array;
  /** Days since 1970 in the zone of the config. */
  readonly day: Float64Array;
  /** Exact text; null without one. */
  readonly request: readonly (string | null)[];
  readonly position: readonly (string | null)[];
  readonly viewed: Uint8Array;
  /** Number of the row in a stored log; 0 where the log is read from its files. */
  readonly row: Uint32Array;
  /** Whether it holds, by name of the event. */
  readonly events: Readonly<Record<string, Uint8Array>>;
}

/** NaN and null where the file has no value or no such column. */
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

/** The rows of all tables together. */
export function rowCount({ log, candidates, rejections }: UserRows): number {
  return log.item.length + candidates.item.length + rejections.item.length;
}

/** Impressions of one request have the same: its number, else their time. A number and a time are never the same. */
export function requestKey(request: string | null, time: number): string {
  return request === null ? `@${time}` : `#${request}`;
}
