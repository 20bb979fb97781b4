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

/** A number in a row of a result, or null for NULL. */
export function optionalNumberIn(row: Rows[number] | undefined, column = 0): number | null {
  const value = row?.[column] ?? null;
  return value === null ? null : Number(value);
}

/** The text of a value in a row of a result, or null for NULL. */
export function textIn(row: Rows[number] | undefined, column = 0): string | null {
  const value = row?.[column] ?? null;
  return value === null ? null : String(value);
}
