import { u32At } from '../../valueAt.ts';
import type { AliasTable, Allocate } from '../alias.ts';

/**
 * The columns of an alias table in one word each: the lower `bits` bits are the alias, the others are the highest bits
 * of the threshold, which decide nearly every draw.
 * Columns are small because draws fetch them at random, and a cache holds more small ones. The full threshold is
 * fetched only if the highest bits are equal.
 */
export interface PackedColumns {
  /** There are 2^bits of them. */
  readonly bits: number;
  readonly words: Uint32Array;
  readonly thresholds: Uint32Array;
}

export function packedColumns({ bits, columns }: AliasTable, allocate: Allocate): PackedColumns {
  const size = 2 ** bits;
  const words = new Uint32Array(allocate(4 * size));
  const thresholds = new Uint32Array(allocate(4 * size));
  for (let column = 0; column < size; column++) {
    const threshold = u32At(columns, 2 * column);
    thresholds[column] = threshold;
    words[column] = ((threshold >>> bits) << bits) | u32At(columns, 2 * column + 1);
  }
  return { bits, words, thresholds };
}
