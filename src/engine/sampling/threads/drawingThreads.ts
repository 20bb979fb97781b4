/** Rows of the logs from which threads are faster than starting them. */
const WORTH_THREADS = 50_000;

/**
 * How many threads draw: as many as are asked for, or are worth it.
 *
 * @param ranges with their rows of the logs
 * @param asked null: nobody said how many
 */
export function drawingThreads(
  ranges: readonly { readonly rows: number }[],
  asked: number | null,
  threads: number,
): number {
  const isWorthIt = ranges.reduce((sum, { rows }) => sum + rows, 0) >= WORTH_THREADS;
  return asked ?? (isWorthIt ? threads : 1);
}
