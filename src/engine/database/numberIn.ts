import { valueAt } from '../../core/valueAt.ts';
import type { Rows } from './connections.ts';

/**
 * A number in a row of a result. NULL is 0, as for a sum over no rows.
 * @throws if the result has no such row or column
 */
export function numberIn(row: Rows[number] | undefined, column = 0): number {
  if (row === undefined) throw new RangeError('The result has no such row');
  return Number(valueAt(row, column) ?? 0);
}
