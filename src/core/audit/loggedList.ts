import type { Lateness } from './lateness.ts';

/** What the log says about the lists of a sequence. A row is one of the file; its steps are one history. */
export interface LoggedList {
  readonly name: string;
  /** The event whose steps the lists repeat, or `impressions`. Null: no event of the config. */
  readonly event: string | null;
  /** Rows whose newest step must be in the log, because their user has an older step there. */
  readonly compared: number;
  /** Of them, rows whose user has no contact with that item in the whole log. */
  readonly foreign: number;
  /** What first contacts say about the newest steps. Null: the lists have times, which say more. */
  readonly contacts: Lateness | null;
  /** Rows whose request is in the log; of them, rows with a step since its beginning and before the row. */
  readonly requests: RowCount;
  /** Rows at full length whose user has twice as many steps; of them, rows with the oldest steps. */
  readonly full: RowCount;
  /** Rows whose user has steps within the `lookback`; of them, rows whose newest step is older than it. */
  readonly stale: RowCount;
  /** Age below which 99 % of the missing newest steps are, in microseconds. Null: no row lacks a step. */
  readonly missing: number | null;
  /** Smallest age of a newest step at the time of its row, in microseconds, by the log. Null: unknown. */
  readonly youngest: number | null;
  /** The first time of these steps, or else of the log, in microseconds since 1970. Null: there is none. */
  readonly logStart: number | null;
}

/** Histories of users whose early rows may look back beyond the beginning of the log. */
export interface HistoryGrowth {
  readonly name: string;
  /** The last of the early days in the time zone of the config, as its midnight in UTC, in microseconds since 1970. */
  readonly lastDay: number;
  /** The users have steps on average in their early rows, and in those of the eval file or of the last days. */
  readonly early: MeanLength;
  readonly late: MeanLength;
  readonly isEval: boolean;
  /** Covariance of both means: users with long histories have them early and late. */
  readonly covariance: number;
}

interface MeanLength {
  readonly mean: number;
  /** Standard error of the mean over the users. */
  readonly error: number;
}

export interface RowCount {
  readonly compared: number;
  readonly rows: number;
}

/** Above this share, the histories are those of another log, and first contacts say nothing. */
export const MAX_FOREIGN = 0.01;

/** True if the histories come from another log. */
export function isForeign({ compared, foreign }: Pick<LoggedList, 'compared' | 'foreign'>, max = MAX_FOREIGN): boolean {
  return foreign > max * compared;
}
