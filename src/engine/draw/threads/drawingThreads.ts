/** Number of log rows from which threads save more time than they take to start. */
const WORTH_THREADS = 50_000;

/**
 * Number of drawing threads: the configured number, or more than one if it is worthwhile.
 * @param ranges with their numbers of log rows
 * @param asked null: no number was configured
 */
export function drawingThreads(
  ranges: readonly { readonly rows: number }[],
  asked: number | null,
  threads: number,
): number {
  const isWorthIt = ranges.reduce((sum, { rows }) => sum + rows, 0) >= WORTH_THREADS;
  return asked ?? (isWorthIt ? threads : 1);
}
