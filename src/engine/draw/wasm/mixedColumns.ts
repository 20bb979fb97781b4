import type { Arena } from './arena.ts';
import type { PoolDrawBatchExports } from './instance.ts';

/** Columns of the rows of several entries together, see `assembly/mix.ts`. */
export interface MixedColumns {
  readonly group: Uint32Array;
  readonly item: Uint32Array;
  readonly entry: Int16Array;
  readonly draw: Int32Array;
  readonly logQ: Float64Array;
  readonly logQMix: Float64Array;
  readonly expected: Float64Array;
  readonly even: Float64Array;
}

/** Bytes of the rows of one entry. Alignment adds less than one vector to each column. */
export function mixedBytes({ rows }: { readonly rows: number }): number {
  return 16 * 9 + 46 * rows;
}

/** The columns at their addresses in the memory, of the instance that puts the rows together. */
export function mixedColumns(rows: number, exports: PoolDrawBatchExports, arena: Arena): MixedColumns {
  const place = (
    key: 'Group' | 'Item' | 'Entry' | 'Draw' | 'LogQ' | 'LogQMix' | 'Expected' | 'Even',
    bytes: number,
  ): number => {
    const at = arena.take(bytes * rows);
    exports[`mixed${key}`].value = at;
    return at;
  };
  return {
    group: arena.uint32(place('Group', 4), rows),
    item: arena.uint32(place('Item', 4), rows),
    entry: arena.int16(place('Entry', 2), rows),
    draw: arena.int32(place('Draw', 4), rows),
    logQ: arena.float64(place('LogQ', 8), rows),
    logQMix: arena.float64(place('LogQMix', 8), rows),
    expected: arena.float64(place('Expected', 8), rows),
    even: arena.float64(place('Even', 8), rows),
  };
}
