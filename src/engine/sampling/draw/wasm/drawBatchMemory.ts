import type { UserBlock } from '../../../../core/sampling/world/world.ts';
import { u32At } from '../../../../core/valueAt.ts';
import type { Arena } from './arena.ts';
import type { ColumnName, PoolDrawBatchExports } from './instance.ts';

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
  readonly quotas: Float64Array;
  /** The greatest quotas that `changeQuotas` may set. */
  readonly most: Float64Array;
  /** State of the pool for each group; null if there is only one state. */
  readonly states: Uint32Array | null;
  /** Pool of each group; null if there is only one pool. */
  readonly pools: Uint32Array | null;
  /** Rows of one group: positives and quota. */
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

type Excluded = Pick<UserBlock['excluded'][number], 'offsets' | 'items'>;

/** Columns that the module writes: by group of the batch, and by row of the last call. */
export type Written = Pick<
  ReturnType<typeof laidOut>,
  'filled' | 'acceptable' | 'total' | 'group' | 'item' | 'draw' | 'logQ'
>;

/**
 * The columns of a draw batch and of its rows in the memory of the module. If a batch is larger than all before, the
 * memory is laid out again.
 */
export class DrawBatchMemory {
  #capacity: Capacity;
  /** Everything before this address stays. */
  readonly #start: number;
  #views: ReturnType<typeof laidOut>;

  constructor(
    private readonly arena: Arena,
    private readonly exports: PoolDrawBatchExports,
    rowsAtOnce: number,
    private readonly hasPools: boolean,
  ) {
    this.#start = arena.end;
    this.#capacity = { groups: 0, users: 0, positives: 0, excluded: 0, rows: rowsAtOnce, slots: 2 ** FEWEST_SLOT_BITS };
    this.#views = laidOut(this.#capacity, hasPools, arena, exports);
  }

  /** The columns that the module writes. Row columns hold as many rows as are drawn at once. */
  get written(): Written {
    return this.#views;
  }

  /** Changes quotas of the batch, from group number `at` on. */
  changeQuotas(quotas: Float64Array, at: number): void {
    this.#views.quotas.set(quotas, at);
  }

  /**
   * Copies the input of a draw batch. Earlier views of `written` become invalid.
   * @returns false if there is not enough memory
   */
  enter({ groups }: UserBlock, excludedItems: Excluded | null, batch: DrawBatch): boolean {
    const { from, to, users, positives, excluded, quotas, states, pools, mostItems } = batch;
    const slotBits = Math.max(FEWEST_SLOT_BITS, 33 - Math.clz32(mostItems));
    if (!this.#reserve(batch, 2 ** slotBits)) return false;
    const views = this.#views;
    this.exports.slotBits.value = slotBits;
    views.words.set(groups.words.subarray(2 * from, 2 * to));
    views.quotas.set(quotas);
    if (states) views.states.set(states);
    if (pools) views.pools.set(pools);
    this.exports.states.value = states ? views.states.byteOffset : 0;
    views.positives.set(groups.positives.items.subarray(positives.from, positives.to));
    for (let g = from; g <= to; g++)
      views.positiveOffsets[g - from] = u32At(groups.positives.offsets, g) - positives.from;
    for (let user = users.from; user < users.to; user++)
      views.userEnds[user - users.from] = Math.min(to, u32At(groups.offsets, user + 1)) - from;
    if (excludedItems) views.excluded.set(excludedItems.items.subarray(excluded.from, excluded.to));
    for (let user = users.from; user <= users.to; user++)
      views.excludedOffsets[user - users.from] = excludedItems ? u32At(excludedItems.offsets, user) - excluded.from : 0;
    return true;
  }

  #reserve({ from, to, users, positives, excluded, mostRows }: DrawBatch, slots: number): boolean {
    const before = this.#capacity;
    const needed: Capacity = {
      groups: to - from,
      users: users.to - users.from,
      positives: positives.to - positives.from,
      excluded: excluded.to - excluded.from,
      rows: mostRows,
      slots,
    };
    const keys = Object.keys(needed) as (keyof Capacity)[];
    if (keys.every((key) => needed[key] <= before[key])) return true;
    const grown = Object.fromEntries(
      keys.map((key) => [key, Math.max(before[key], needed[key])]),
    ) as unknown as Capacity;
    this.arena.rewind(this.#start);
    try {
      this.#views = laidOut(grown, this.hasPools, this.arena, this.exports);
      this.#capacity = grown;
      return true;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      // The allocation failed before the memory grew, so the previous columns are still valid.
      return false;
    }
  }
}

/** The columns at their addresses in the memory. */
function laidOut(
  { groups, users, positives, excluded, rows, slots }: Capacity,
  hasPools: boolean,
  arena: Arena,
  exports: PoolDrawBatchExports,
) {
  // Alignment adds less than one vector to each column.
  arena.reserve(16 * 25 + 8 * slots + 40 * (groups + 1) + 8 * (users + 1) + 4 * positives + 16 * excluded + 20 * rows);
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
  const total = u32('totalOf', 2 * groups);
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
    total: arena.float64(total.byteOffset, groups),
    group: u32('rowGroup', rows),
    item: u32('rowItem', rows),
    draw: arena.int32(draw.byteOffset, rows),
    logQ: arena.float64(logQ.byteOffset, rows),
  };
}
