/** Widths of the bars of a time line, the finest first. */
export const timeUnits = ['hour', 'day', 'month', 'year'] as const;
export type TimeUnit = (typeof timeUnits)[number];

/**
 * Rows in one hour, day, month or year. `at`: its start in UTC as `YYYY-MM-DD HH:MM:SS`. Units without rows are
 * missing.
 */
export interface TimelineBar {
  readonly at: string;
  readonly rows: number;
  /** Null without a label column of 0 and 1. */
  readonly positives: number | null;
}

/** First and last time of one split, as `YYYY-MM-DD HH:MM:SS` in UTC. */
export interface TimelineBand {
  readonly split: string;
  readonly from: string;
  readonly to: string;
}

/** Rows of a filter by time. */
export interface Timeline {
  readonly unit: TimeUnit;
  readonly bars: readonly TimelineBar[];
  /** Splits in the order of their first time; empty without a column of splits, or with many splits. */
  readonly bands: readonly TimelineBand[];
  /** Number of rows without a finite time. */
  readonly timeless: number;
}

const HOUR = 3_600_000;

/** Milliseconds since 1970 of the text of a time. */
export function timeOf(at: string): number {
  return Date.parse(`${at.replace(' ', 'T')}Z`);
}

/** The text of a time, in whole seconds. */
export function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ');
}

/** Moves the start of a unit by a number of units. Milliseconds since 1970. */
export function stepUnit(start: number, unit: TimeUnit, count: number): number {
  if (unit === 'hour') return start + count * HOUR;
  if (unit === 'day') return start + count * 24 * HOUR;
  const date = new Date(start);
  if (unit === 'month') date.setUTCMonth(date.getUTCMonth() + count);
  else date.setUTCFullYear(date.getUTCFullYear() + count);
  return date.getTime();
}
