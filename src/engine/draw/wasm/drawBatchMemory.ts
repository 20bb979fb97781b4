import type { ExcludedItems, UserBlock } from '../../../core/sampling/world/world.ts';
import { u32At, valueAt } from '../../../core/valueAt.ts';
import type { Arena } from './arena.ts';
import type { ColumnName, PoolDrawBatchExports } from './instance.ts';
import { mixedBytes, mixedColumns, type MixedColumns } from './mixedColumns.ts';

/** Minimum slots of the hash set of a user and a group: 8 kB. */
const FEWEST_SLOT_BITS = 10;

/**
 * Consecutive groups of a block, with their users, positives and exclusions. Each range from … to refers to the columns
 * of the block.
 */
export interface DrawBatch {
  readonly from: number;
  readonly to: number;
  readonly users: { readonly from: number; readonly to: number };
  readonly positives: { readonly from: number; readonly to: number };
  readonly excluded: { readonly from: number; readonly to: number };
  /** The set that `excluded` refers to; null if nothing is excluded. */
  readonly excludedItems: ExcludedItems | null;
  readonly quotas: Float64Array;
  /** The greatest quotas that a group may get later, if it is refilled. */
  readonly most: Float64Array;
  /** State of the pool for each group; null if there is only one state. */
  readonly states: Uint32Array | null;
  /** Pool of each group; null if there is only one pool. */
  readonly pools: Uint32Array | null;
  /** The greatest of `quotas`. */
  readonly mostQuota: number;
  /** Rows of one group: positives and its greatest quota. */
  readonly mostRows: number;
  /** Items of one user and group: excluded, positive or drawn. */
  readonly mostItems: number;
}

/** The maximum sizes of all draw batches so far. */
interface Capacity {
  readonly groups: number;
  readonly users: number;
  readonly positives: number;
  readonly excluded: number;
  readonly rows: number;
  readonly slots: number;
}

/** An instance of the module, which draws one entry. */
interface Instance {
  readonly exports: PoolDrawBatchExports;
  readonly hasPools: boolean;
}

/** Columns of an entry in the memory. */
export type EntryColumns = ReturnType<typeof laidOut>;

/**
 * The columns of a draw batch and of its rows, in the memory that the instances of all entries share. If a batch is
 * larger than all before, the memory is laid out again.
 */
export class DrawBatchMemory {
  #capacity: Capacity;
  /** Everything before this address stays. */
  readonly #start: number;
  #columns: readonly EntryColumns[] = [];
  #mixed: MixedColumns | null = null;

  constructor(
    private readonly arena: Arena,
    private readonly instances: readonly Instance[],
    rowsAtOnce: number,
  ) {
    this.#start = arena.end;
    this.#capacity = { groups: 0, users: 0, positives: 0, excluded: 0, rows: rowsAtOnce, slots: 2 ** FEWEST_SLOT_BITS };
  }

  /** The columns of each entry, from `enter` until the next call. Row columns hold as many rows as are drawn at once. */
  get columns(): readonly EntryColumns[] {
    return this.#columns;
  }

  /** The columns of the rows of several entries together; null for one entry. */
  get mixed(): MixedColumns | null {
    return this.#mixed;
  }

  /**
   * Copies the input of a draw batch, which has one part for each instance. Earlier columns become invalid.
   * @returns false if there is not enough memory
   */
  enter(block: UserBlock, parts: readonly DrawBatch[]): boolean {
    if (!this.#reserve(parts)) return false;
    for (const [k, { exports }] of this.instances.entries())
      copyInput(block, valueAt(parts, k), valueAt(this.#columns, k), exports);
    return true;
  }

  #reserve(parts: readonly DrawBatch[]): boolean {
    const before = this.#capacity;
    const needed = parts.map(capacityFor);
    const keys = Object.keys(before) as (keyof Capacity)[];
    const isLarger = needed.some((one) => keys.some((key) => one[key] > before[key]));
    if (!isLarger && this.#columns.length > 0) return true;
    const grown = Object.fromEntries(
      keys.map((key) => [key, Math.max(before[key], ...needed.map((one) => one[key]))]),
    ) as unknown as Capacity;
    this.arena.rewind(this.#start);
    try {
      // Columns become invalid if the memory grows, so it grows once before they are laid out.
      this.arena.reserve(
        this.instances.length * (bytesOf(grown) + (this.instances.length > 1 ? mixedBytes(grown) : 0)),
      );
      this.#columns = this.instances.map((instance) => laidOut(grown, instance, this.instances.length > 1, this.arena));
      const [first] = this.instances;
      if (first && this.instances.length > 1)
        this.#mixed = mixedColumns(this.instances.length * grown.rows, first.exports, this.arena);
      this.#capacity = grown;
      return true;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      // The allocation failed before the memory grew, so the previous columns are still valid.
      return false;
    }
  }
}

function capacityFor({ from, to, users, positives, excluded, mostRows, mostItems }: DrawBatch): Capacity {
  return {
    groups: to - from,
    users: users.to - users.from,
    positives: positives.to - positives.from,
    excluded: excluded.to - excluded.from,
    rows: mostRows,
    slots: 2 ** slotBitsFor(mostItems),
  };
}

function slotBitsFor(mostItems: number): number {
  return Math.max(FEWEST_SLOT_BITS, 33 - Math.clz32(mostItems));
}

function copyInput(
  { groups }: UserBlock,
  { from, to, users, positives, excluded, excludedItems, quotas, states, pools, mostItems }: DrawBatch,
  columns: EntryColumns,
  exports: PoolDrawBatchExports,
): void {
  exports.slotBits.value = slotBitsFor(mostItems);
  columns.words.set(groups.keyWords.subarray(2 * from, 2 * to));
  columns.quotas.set(quotas);
  if (states) columns.states.set(states);
  if (pools) columns.pools.set(pools);
  exports.states.value = states ? columns.states.byteOffset : 0;
  columns.positives.set(groups.positives.items.subarray(positives.from, positives.to));
  for (let g = from; g <= to; g++)
    columns.positiveOffsets[g - from] = u32At(groups.positives.offsets, g) - positives.from;
  for (let user = users.from; user < users.to; user++)
    columns.userEnds[user - users.from] = Math.min(to, u32At(groups.offsets, user + 1)) - from;
  if (excludedItems) columns.excluded.set(excludedItems.items.subarray(excluded.from, excluded.to));
  for (let user = users.from; user <= users.to; user++)
    columns.excludedOffsets[user - users.from] = excludedItems ? u32At(excludedItems.offsets, user) - excluded.from : 0;
}

/** Bytes of the columns of an entry. Alignment adds less than one vector to each column. */
function bytesOf({ groups, users, positives, excluded, rows, slots }: Capacity): number {
  return 16 * 25 + 8 * slots + 40 * (groups + 1) + 8 * (users + 1) + 4 * positives + 16 * excluded + 20 * rows;
}

/** The columns of an entry at their addresses in the memory. */
function laidOut(
  { groups, users, positives, excluded, rows, slots }: Capacity,
  { exports, hasPools }: Instance,
  mixed: boolean,
  arena: Arena,
) {
  const u32 = (key: ColumnName | null, length: number): Uint32Array => {
    const place = arena.take(4 * length);
    if (key !== null) exports[key].value = place;
    return arena.uint32(place, length);
  };
  // Previous bytes could look like valid stamps.
  u32('slots', 2 * slots).fill(0);
  exports.slotBytes.value = 8 * slots;
  const draw = u32('rowDraw', rows);
  const logQ = u32('rowLogQ', 2 * rows);
  u32('excludedPools', hasPools ? excluded : 0);
  u32('excludedWeights', hasPools ? 2 * excluded : 0);
  const acceptable = u32('acceptableOf', groups);
  if (mixed) u32('totalOf', 2 * groups);
  return {
    words: u32('words', 2 * groups),
    quotas: u32('quotas', groups),
    states: u32(null, groups),
    pools: u32('poolOfGroup', hasPools ? groups : 0),
    positiveOffsets: u32('positiveOffsets', groups + 1),
    positives: u32('positives', positives),
    userEnds: u32('userEnds', users),
    excludedOffsets: u32('excludedOffsets', users + 1),
    excluded: u32('excluded', excluded),
    filled: u32('filledOf', groups),
    acceptable: arena.int32(acceptable.byteOffset, groups),
    group: u32('rowGroup', rows),
    item: u32('rowItem', rows),
    draw: arena.int32(draw.byteOffset, rows),
    logQ: arena.float64(logQ.byteOffset, rows),
  };
}
