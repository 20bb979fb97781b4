import type { Rows } from '../../../../core/sampling/kernel/rows.ts';

/** Rows of consecutive groups in the memory of a module. */
interface DrawnColumns {
  readonly group: Uint32Array;
  readonly item: Uint32Array;
  readonly draw: Int32Array;
  readonly logQ: Float64Array;
}

/**
 * Appends the rows of a plan with one entry, whose log q is that of the mix. `made` is their number, positives included.
 *
 * @returns the number of the first row
 */
export function appendRows(
  rows: Rows,
  { group, item, draw, logQ }: DrawnColumns,
  positives: number,
  made: number,
): number {
  const first = rows.append(positives, 0, made - positives);
  rows.group.set(group.subarray(0, made), first);
  rows.item.set(item.subarray(0, made), first);
  rows.draw.set(draw.subarray(0, made), first);
  rows.logQ.set(logQ.subarray(0, made), first);
  rows.logQMix.set(logQ.subarray(0, made), first);
  return first;
}
