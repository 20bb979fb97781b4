import { i16At, i32At } from '../../valueAt.ts';
import { grown } from './grown.ts';

/** Origin of a row. */
export const Tier = { pool: 0, request: 1, user: 2 } as const;

/**
 * Records how rows were drawn, for previews. Columns are indexed by row number; rows drawn without a trace have no
 * values.
 */
export class Trace {
  tier = new Uint8Array(64);
  /** Attempt, from 0; -1 if the row was taken from an ordered list. */
  attempt = new Int32Array(64);
  /**
   * Rank in the tier, from 0, and the number of acceptable items. For pools, `size` is the number of items in the pool.
   */
  rank = new Int32Array(64);
  size = new Float64Array(64);
  /** Weight of the item, and of everything acceptable. */
  weight = new Float64Array(64);
  total = new Float64Array(64);
  /** Number of the pool within the entry, or of the channel within the list; -1 if there is none. */
  partIndex = new Int32Array(64);

  /** Refused attempts, with the row that followed them; -1 if no row followed. */
  refusedCount = 0;
  refusedRow = new Int32Array(64);
  refusedAttempt = new Int32Array(64);
  refusedItem = new Uint32Array(64);
  refusedReason = new Uint8Array(64);

  /** Rows that `distinct` dropped. */
  readonly repeated: { readonly group: number; readonly entry: number; readonly item: number }[] = [];

  /** By drawn group: quotas of all entries, group by group. */
  quotaCount = 0;
  quotaGroup = new Uint32Array(64);
  quota = new Float64Array(64);

  #pendingFrom = 0;
  #pendingEntry = new Int16Array(64);
  #pendingPlace = new Int32Array(64);
  #entry = 0;

  /** Sets the entry for the refusals that follow. */
  startEntry(entry: number): void {
    this.#entry = entry;
  }

  /** Records a refused attempt before the row at `place` of the entry. */
  refused(place: number, attempt: number, item: number, reason: number): void {
    const at = this.refusedCount++;
    const pending = at - this.#pendingFrom;
    this.refusedRow = grown(this.refusedRow, at + 1);
    this.refusedAttempt = grown(this.refusedAttempt, at + 1);
    this.refusedItem = grown(this.refusedItem, at + 1);
    this.refusedReason = grown(this.refusedReason, at + 1);
    this.#pendingEntry = grown(this.#pendingEntry, pending + 1);
    this.#pendingPlace = grown(this.#pendingPlace, pending + 1);
    this.refusedAttempt[at] = attempt;
    this.refusedItem[at] = item;
    this.refusedReason[at] = reason;
    this.#pendingEntry[pending] = this.#entry;
    this.#pendingPlace[pending] = place;
  }

  /** Assigns row numbers to the refusals of a group. `rowOf`: the row of a draw of an entry; -1 if there is none. */
  settle(rowOf: (entry: number, draw: number) => number): void {
    for (let at = this.#pendingFrom; at < this.refusedCount; at++) {
      const pending = at - this.#pendingFrom;
      this.refusedRow[at] = rowOf(i16At(this.#pendingEntry, pending), i32At(this.#pendingPlace, pending));
    }
    this.#pendingFrom = this.refusedCount;
  }

  quotas(group: number, quotas: Float64Array): void {
    this.quotaGroup = grown(this.quotaGroup, this.quotaCount + 1);
    this.quota = grown(this.quota, (this.quotaCount + 1) * quotas.length);
    this.quotaGroup[this.quotaCount] = group;
    this.quota.set(quotas, this.quotaCount * quotas.length);
    this.quotaCount++;
  }

  describe(row: number, tier: number, attempt: number, rank: number, size: number, part: number): void {
    this.tier = grown(this.tier, row + 1);
    this.attempt = grown(this.attempt, row + 1);
    this.rank = grown(this.rank, row + 1);
    this.size = grown(this.size, row + 1);
    this.partIndex = grown(this.partIndex, row + 1);
    this.tier[row] = tier;
    this.attempt[row] = attempt;
    this.rank[row] = rank;
    this.size[row] = size;
    this.partIndex[row] = part;
  }

  weigh(row: number, weight: number, total: number): void {
    this.weight = grown(this.weight, row + 1);
    this.total = grown(this.total, row + 1);
    this.weight[row] = weight;
    this.total[row] = total;
  }
}
