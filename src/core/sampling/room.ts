/** Bytes that a job needs beyond what it has already. */
export interface Needed {
  readonly memory: number;
  /** In the folder of temporary files. */
  readonly temporary: number;
  /** Where the file is written. */
  readonly target: number;
}

/** Bytes that are free. Null where the system does not say. */
export interface Room {
  readonly memory: number | null;
  readonly temporary: number | null;
  readonly target: number | null;
  /** Whether both folders lie on one disk. */
  readonly oneDisk: boolean;
}

/** What is short, and by how much. */
export interface Lack {
  readonly of: keyof Needed;
  readonly needed: number;
  readonly there: number;
}

/** Of a cell of the logs, in a table or while it is sorted. */
const STORED_CELL_BYTES = 12;
/**
 * Of what is put aside for a drawn row (item, label, entry, draw, weight, keep, both logs, origin), and for its group
 * (ids, request, time, ends of nine lists).
 */
const [DRAWN_ROW_BYTES, DRAWN_GROUP_BYTES] = [51, 220];
/**
 * Of a row of the logs while its users are drawn for: its columns, the groups that are made of it, and what its user is
 * not given.
 */
const BLOCK_ROW_BYTES = 250;
/** Of an item of a pool: number, weight, and up to two columns of the alias table. */
const POOL_ITEM_BYTES = 28;
/** Share of its limit that the database fills before it turns to the disk. */
const FILLED = 0.8;

/**
 * What it takes to put the logs aside in the order of users: the rows, and as much again while they are sorted.
 * `limit`: the most that the database holds in memory.
 */
export function neededToRead({
  rows,
  columns,
  limit,
}: {
  readonly rows: number;
  readonly columns: number;
  readonly limit: number;
}): Needed {
  return { memory: 0, temporary: Math.max(0, 2 * rows * columns * STORED_CELL_BYTES - FILLED * limit), target: 0 };
}

/**
 * Memory that the database needs to sort the logs without hurry, and bytes of an item while it is read: in the result,
 * in its columns, and counted.
 */
const [AMPLE_BYTES, READ_ITEM_BYTES] = [1e9, 100];

/**
 * Whether the items may be read while the logs are sorted: that is sooner done, and takes memory for both.
 * @param carried columns that are carried along, of which nobody knows how wide they are; `limit`: the most that the
 *   database holds in memory
 */
export function hasRoomForBoth({
  items,
  carried,
  limit,
}: {
  readonly items: number;
  readonly carried: number;
  readonly limit: number;
}): boolean {
  return carried === 0 && limit >= AMPLE_BYTES + READ_ITEM_BYTES * items;
}

/** The sizes of a file that is to be drawn. */
export interface FileSizes {
  readonly rows: number;
  readonly groups: number;
  readonly columns: number;
  /** Bytes of a cell in its format. */
  readonly cellBytes: number;
  /** Of its rows, those that are put aside at a time before they are written. */
  readonly aside: number;
  /** Rows of the logs that are in memory together at most. */
  readonly blockRows: number;
  /** Items of all pools. */
  readonly poolItems: number;
  /** Bytes of their copies, of all threads. */
  readonly copied: number;
  /** What the database holds already, in memory and on the disk. */
  readonly held: { readonly memory: number; readonly disk: number };
  /** The most that it holds in memory. */
  readonly limit: number;
}

/** What it takes to draw a file and to write it. */
export function neededToDraw({
  rows,
  groups,
  columns,
  cellBytes,
  aside,
  blockRows,
  poolItems,
  copied,
  held,
  limit,
}: FileSizes): Needed {
  const drawn = rows === 0 ? 0 : Math.min(1, aside / rows) * (rows * DRAWN_ROW_BYTES + groups * DRAWN_GROUP_BYTES);
  const all = held.memory + held.disk + drawn;
  const inMemory = Math.min(all, FILLED * limit);
  const file = rows * columns * cellBytes;
  return {
    memory: Math.max(0, inMemory - held.memory) + blockRows * BLOCK_ROW_BYTES + poolItems * POOL_ITEM_BYTES + copied,
    temporary: Math.max(0, all - inMemory - held.disk),
    target: file,
  };
}

/** The first of what does not fit; null where all does. */
export function lackOf(needed: Needed, room: Room): Lack | null {
  const short = (of: keyof Needed, bytes: number): Lack | null => {
    const there = room[of];
    return there === null || bytes <= there ? null : { of, needed: bytes, there };
  };
  const together = room.oneDisk ? needed.temporary + needed.target : 0;
  return (
    short('memory', needed.memory) ??
    short('temporary', needed.temporary) ??
    short('target', needed.target) ??
    short('target', together)
  );
}
