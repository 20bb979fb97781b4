/** Widths of the bars of a time line, the finest first. */
export const timeUnits = ['hour', 'day', 'month', 'year'] as const;
export type TimeUnit = (typeof timeUnits)[number];

/** Rows in one unit of time. `at`: its start in UTC as `YYYY-MM-DD HH:MM:SS`. Units without rows are missing. */
export interface TimelineBar {
  readonly at: string;
  readonly rows: number;
  /** Null without a label of 0 and 1. */
  readonly positives: number | null;
}

/** The times of one split: first and last, as `YYYY-MM-DD HH:MM:SS` in UTC. */
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
  /** Rows without a finite time. */
  readonly timeless: number;
}

const HOUR = 3_600_000;

/** Start of a unit, in milliseconds since 1970, from its text. */
export function timeOf(at: string): number {
  return Date.parse(`${at.replace(' ', 'T')}Z`);
}

/** The text of a time, to the second. */
export function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ');
}

/** The start of the unit `by` units after the one that starts at `start`. Milliseconds since 1970. */
export function stepUnit(start: number, unit: TimeUnit, by: number): number {
  if (unit === 'hour') return start + by * HOUR;
  if (unit === 'day') return start + by * 24 * HOUR;
  const date = new Date(start);
  if (unit === 'month') date.setUTCMonth(date.getUTCMonth() + by);
  else date.setUTCFullYear(date.getUTCFullYear() + by);
  return date.getTime();
}
