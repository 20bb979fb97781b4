/**
 * The measured tasks. Every peer answers the tasks that it can do. An answer is a list of milliseconds, one per
 * repetition.
 */
export const tasks = {
  first: 'first 200 rows, from process start',
  anywhere: '200 rows at a random place, unsorted',
  sort: 'first 200 rows sorted by time, newest first',
  'sorted-anywhere': '200 rows at a random place, sorted by user',
  filter: 'first 200 rows of a filter',
  'filter-count': 'rows of a filter counted, and its first 200',
  'profile-base': 'profile of 6 columns: nulls, min, max, distinct, mean, sd',
  'profile-full': 'profile of 6 columns with quantiles, top values, histograms',
} as const;
export type Task = keyof typeof tasks;
export const taskNames = Object.keys(tasks) as Task[];

/** Columns of the profile tasks. */
export const profiled = ['user_id', 'item_id', 'ts', 'position', 'is_click', 'play_time'] as const;
export const PAGE = 200;
/** The filter task: clicks far down the page. */
export const filterExpression = 'is_click = 1 and position >= 3';

/** Output of a peer, one JSON per line: `ready` when the first rows are loaded, then `done`. */
export interface Answer {
  readonly event: 'ready' | 'done';
  /**
   * One value per repetition of the task. For `ready`: one number, given only if the time does not count from the start
   * of the process.
   */
  readonly ms?: readonly number[];
  /** Peak resident memory of the process that does the work, in MB. */
  readonly peakMb?: number;
  readonly note?: string;
}

/** Deterministic page positions: a multiplicative sequence over the rows, equal for every peer. */
export function positions(rows: number, count: number): number[] {
  return Array.from({ length: count }, (_, k) =>
    Math.floor(((k * 0.6180339887498949 + 0.137) % 1) * Math.max(0, rows - PAGE)),
  );
}
