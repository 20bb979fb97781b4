import type { Layout } from '../grid/layout.ts';
import type { Pages } from '../grid/pages.ts';
import type { Rectangle } from '../grid/selection.ts';

/** Above this number of cells, no sum is computed while the user drags the selection. */
const most = 10_000;

/**
 * Sum and mean of the numbers in a selection. Null if a cell is not loaded, if a type cannot be summed exactly as a
 * number (64-bit integers, decimals, texts), or if there are no numbers.
 */
export function summarize(
  pages: Pages,
  { lanes }: Layout,
  { top, bottom, left, right }: Rectangle,
): { sum: number; mean: number } | null {
  if ((bottom - top + 1) * (right - left + 1) > most) return null;
  let sum = 0;
  let count = 0;
  for (const lane of lanes.slice(left, right + 1)) {
    for (let row = top; row <= bottom; row++) {
      const cell = pages.cell(row, lane.index);
      if (!cell || (cell.number === null && cell.text !== null)) return null;
      if (cell.number === null || !Number.isFinite(cell.number)) continue;
      sum += cell.number;
      count++;
    }
  }
  return count === 0 ? null : { sum, mean: sum / count };
}
