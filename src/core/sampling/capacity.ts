import type { SampleFormat } from '../table/sampleName.ts';

/** Bytes that a job needs in addition to those it already has. */
export interface RequiredSpace {
  readonly memory: number;
  /** In the folder of temporary files. */
  readonly temporary: number;
  /** On the disk of the output file. */
  readonly target: number;
}

/** Free bytes. Null if the system does not report them. */
export interface Capacity {
  readonly memory: number | null;
  readonly temporary: number | null;
  readonly target: number | null;
  /** True if both folders are on the same disk. */
  readonly oneDisk: boolean;
}

/** A shortage: what is short, the needed and the available bytes. */
export interface Shortage {
  readonly resource: keyof RequiredSpace;
  readonly needed: number;
  readonly available: number;
}

/** Bytes of a cell of the logs, in a table or while it is sorted. */
const STORED_CELL_BYTES = 12;
/**
 * Bytes kept for a drawn row (item, label, entry, draw, weight, keep, both logs, origin), and for its group (ids,
 * request, time, ends of nine lists).
 */
const [DRAWN_ROW_BYTES, DRAWN_GROUP_BYTES] = [51, 220];
/** Bytes per cell of a file, measured on demo samples with and without copied columns. Real ids compress worse. */
export const cellBytes: { readonly [F in SampleFormat]: number } = { parquet: 2, arrow: 10, csv: 14, jsonl: 25 };

/** Bytes of a value in a list of a group that is kept. */
const LIST_VALUE_BYTES = 8;
/** Bytes of a log row while its users are sampled: its columns, its groups, and the user's exclusions. */
const BLOCK_ROW_BYTES = 250;
/** Bytes of an item of a pool: number, weight, and up to two columns of the alias table. */
const POOL_ITEM_BYTES = 28;
/** Bytes of a pool without items: its typed arrays. */
const POOL_BYTES = 4096;
/** Bytes of the class of an item of the world, in a pool that holds a quarter of them. */
const [CLASS_BYTES, DENSE_SHARE] = [4, 4];
/** Share of its limit that the database fills before it spills to disk. */
const FILLED = 0.8;

/**
 * Space needed to store the logs in user order: the rows, and the same again while they are sorted. `limit`: maximum
 * memory of the database.
 */
export function neededToRead({
  rows,
  columns,
  limit,
}: {
  readonly rows: number;
  readonly columns: number;
  readonly limit: number;
}): RequiredSpace {
  return { memory: 0, temporary: Math.max(0, 2 * rows * columns * STORED_CELL_BYTES - FILLED * limit), target: 0 };
}

/** Memory of one of many pools of an entry. */
export function tableBytes(poolItems: number, worldItems: number): number {
  return (
    POOL_BYTES + poolItems * POOL_ITEM_BYTES + (poolItems * DENSE_SHARE >= worldItems ? worldItems * CLASS_BYTES : 0)
  );
}

/**
 * Memory that the database needs to sort the logs without spilling, and bytes of an item while it is read: in the
 * result, in its columns, and counted.
 */
const [AMPLE_BYTES, READ_ITEM_BYTES] = [1e9, 100];

/**
 * True if the items may be read while the logs are sorted. This is faster, but needs memory for both.
 * @param carried columns that are carried along, whose width is unknown; `limit`: maximum memory of the database
 */
export function fitsBoth({
  items,
  copiedColumns,
  limit,
}: {
  readonly items: number;
  readonly copiedColumns: number;
  readonly limit: number;
}): boolean {
  return copiedColumns === 0 && limit >= AMPLE_BYTES + READ_ITEM_BYTES * items;
}

/** Sizes of a file to be drawn. */
export interface FileSizes {
  readonly rows: number;
  readonly groups: number;
  readonly columns: number;
  /** Bytes per cell in its format. */
  readonly cellBytes: number;
  /** Lists of sequences: values of a group on average, and bytes in the file. */
  readonly lists: { readonly valuesPerGroup: number; readonly bytes: number };
  /** Number of its rows that are buffered at a time before they are written. Sorting stores rows twice. */
  readonly bufferedRows: number;
  /** Maximum number of log rows in memory at once. */
  readonly blockRows: number;
  /** Number of items in all pools. */
  readonly poolItems: number;
  /** Bytes of their copies, over all threads. */
  readonly poolCopyBytes: number;
  /** Space that the database already uses, in memory and on disk. */
  readonly used: { readonly memory: number; readonly disk: number };
  /** Maximum memory of the database. */
  readonly limit: number;
}

/** Space needed to draw a file and to write it. */
export function neededToDraw({
  rows,
  groups,
  columns,
  cellBytes,
  lists,
  bufferedRows,
  blockRows,
  poolItems,
  poolCopyBytes,
  used,
  limit,
}: FileSizes): RequiredSpace {
  const drawn =
    rows === 0
      ? 0
      : (bufferedRows / rows) *
        (rows * DRAWN_ROW_BYTES + groups * (DRAWN_GROUP_BYTES + lists.valuesPerGroup * LIST_VALUE_BYTES));
  const all = used.memory + used.disk + drawn;
  const inMemory = Math.min(all, FILLED * limit);
  const file = rows * columns * cellBytes + lists.bytes;
  return {
    memory:
      Math.max(0, inMemory - used.memory) + blockRows * BLOCK_ROW_BYTES + poolItems * POOL_ITEM_BYTES + poolCopyBytes,
    temporary: Math.max(0, all - inMemory - used.disk),
    target: file,
  };
}

/** The first shortage; null if everything fits. */
export function shortage(needed: RequiredSpace, capacity: Capacity): Shortage | null {
  const short = (resource: keyof RequiredSpace, bytes: number): Shortage | null => {
    const available = capacity[resource];
    return available === null || bytes <= available ? null : { resource, needed: bytes, available };
  };
  const together = capacity.oneDisk ? needed.temporary + needed.target : 0;
  return (
    short('memory', needed.memory) ??
    short('temporary', needed.temporary) ??
    short('target', needed.target) ??
    short('target', together)
  );
}
