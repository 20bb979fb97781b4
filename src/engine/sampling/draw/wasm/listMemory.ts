import type { Arena } from './arena.ts';
import type { ListColumn, ListDrawBatchExports } from './listInstance.ts';

/** The module hashes four words at once, so it reads up to three after the last. */
const VECTOR = 3;

/** Sizes of a batch of groups that draw from lists. */
export interface ListCapacity {
  readonly groups: number;
  readonly users: number;
  readonly positives: number;
  /** Items of all lists. */
  readonly listed: number;
  /** Rows of one call. */
  readonly rows: number;
  /** Largest quota. */
  readonly quota: number;
}
export type ListColumns = ReturnType<typeof laidOut>;

/**
 * The columns of a batch and of its rows, in the memory of the module. If a batch is larger than all before, the memory
 * is laid out again.
 */
export class ListMemory {
  #capacity: ListCapacity = { groups: 0, users: 0, positives: 0, listed: 0, rows: 0, quota: 0 };
  #columns: ListColumns | null = null;
  /** Everything before this address stays. */
  readonly #start: number;

  constructor(
    private readonly arena: Arena,
    private readonly exports: ListDrawBatchExports,
  ) {
    this.#start = arena.end;
  }

  /**
   * Columns for a batch of these sizes. Earlier columns become invalid.
   * @returns null if there is not enough memory
   */
  columns(needed: ListCapacity): ListColumns | null {
    const before = this.#capacity;
    const names = Object.keys(before) as (keyof ListCapacity)[];
    if (this.#columns && names.every((name) => needed[name] <= before[name])) return this.#columns;
    const grown = Object.fromEntries(
      names.map((name) => [name, Math.max(before[name], needed[name])]),
    ) as unknown as ListCapacity;
    this.arena.rewind(this.#start);
    try {
      // Columns become invalid if the memory grows, so it grows once before they are laid out.
      this.arena.reserve(bytesOf(grown));
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
    this.#capacity = grown;
    this.#columns = laidOut(grown, this.exports, this.arena);
    return this.#columns;
  }
}

/** Alignment adds less than one vector to each column. */
function bytesOf({ groups, users, positives, listed, rows, quota }: ListCapacity): number {
  return 16 * 26 + 36 * (groups + 1) + 8 * (users + 1) + 4 * positives + 60 * (listed + VECTOR) + 20 * rows + 8 * quota;
}

function laidOut(
  { groups, users, positives, listed, rows, quota }: ListCapacity,
  exports: ListDrawBatchExports,
  arena: Arena,
) {
  const place = (key: ListColumn, bytes: number): number => {
    const taken = arena.take(bytes);
    exports[key].value = taken;
    return taken;
  };
  const u32 = (key: ListColumn, length: number): Uint32Array => arena.uint32(place(key, 4 * length), length);
  const f64 = (key: ListColumn, length: number): Float64Array => arena.float64(place(key, 8 * length), length);
  for (const key of ['hashes', 'places', 'ranks', 'order'] as const) place(key, 4 * (listed + VECTOR));
  place('keys', 8 * quota);
  return {
    words: u32('words', 2 * groups),
    times: f64('times', groups),
    readTimes: f64('readTimes', groups),
    quotas: u32('quotas', groups),
    positiveOffsets: u32('positiveOffsets', groups + 1),
    positives: u32('positives', positives),
    userEnds: u32('userEnds', users),
    listOffsets: u32('listOffsets', users + 1),
    listed: u32('listed', listed),
    firstWords: u32('firstWords', listed + VECTOR),
    secondWords: u32('secondWords', listed),
    drawnFrom: f64('drawnFrom', listed),
    drawnUntil: f64('drawnUntil', listed),
    candidateFrom: f64('candidateFrom', listed),
    since: f64('since', listed),
    filled: u32('filledOf', groups),
    group: u32('rowGroup', rows),
    item: u32('rowItem', rows),
    draw: arena.int32(place('rowDraw', 4 * rows), rows),
    logQ: f64('rowLogQ', rows),
  };
}
