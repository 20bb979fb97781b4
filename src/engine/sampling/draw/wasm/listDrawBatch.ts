import { isTimeless } from '../../../../core/sampling/kernel/currentGroup.ts';
import type { Rows } from '../../../../core/sampling/kernel/rows.ts';
import type { Sampler } from '../../../../core/sampling/kernel/sampler.ts';
import { userOf } from '../../../../core/sampling/kernel/search.ts';
import { MOST_ORDERED } from '../../../../core/sampling/kernel/userTier.ts';
import type { QState } from '../../../../core/sampling/lock/qTally.ts';
import type { StagePlan } from '../../../../core/sampling/plan/stagePlan.ts';
import type { DatedItems, UserBlock } from '../../../../core/sampling/world/world.ts';
import { f64At, u32At, u8At, valueAt } from '../../../../core/valueAt.ts';
import { appendRows } from './appendRows.ts';
import { Arena } from './arena.ts';
import { endOfRows, ROWS_AT_ONCE } from './entryDraws.ts';
import { groupQuotas } from './groupQuotas.ts';
import { instantiateLists, type ListDrawBatchExports } from './listInstance.ts';
import { ListMemory, type ListColumns } from './listMemory.ts';
import { LogQTallies } from './logQTallies.ts';
import { copyLists, userLists } from './userLists.ts';

/** The sampler draws larger quotas: the module keeps the items of a group sorted. */
const MOST_QUOTA = 64;

/** Consecutive groups of a block, and their users. */
interface ListBatch {
  readonly from: number;
  readonly to: number;
  readonly users: { readonly from: number; readonly to: number };
  /** By group. */
  readonly quotas: Float64Array;
  readonly mostQuota: number;
}

/**
 * Draws for plans with one entry that takes from the list of the user, in an instance of the module of
 * `assembly/listDrawBatch.ts`. The rows equal those of the sampler, bit for bit.
 */
export class ListDrawBatch {
  readonly #tallies: LogQTallies;
  readonly #memory: ListMemory;
  readonly #isTimeless: boolean;

  private constructor(
    private readonly sampler: Sampler,
    arena: Arena,
    private readonly exports: ListDrawBatchExports,
  ) {
    this.#tallies = new LogQTallies(arena, exports.TALLY.value, exports.BINS.value);
    exports.tallies.value = this.#tallies.tallies;
    exports.bins.value = this.#tallies.bins;
    this.#memory = new ListMemory(arena, exports);
    this.#isTimeless = isTimeless(sampler.world.items);
    const { s0, s1 } = valueAt(sampler.salts, 0);
    exports.salt0.value = s0;
    exports.salt1.value = s1;
  }

  /** @returns null for plans with other entries or with corrections, and if no module is available */
  static of(sampler: Sampler): ListDrawBatch | null {
    if (!drawsListsInWasm(sampler.plan) || typeof WebAssembly === 'undefined') return null;
    try {
      const arena = new Arena(new WebAssembly.Memory({ initial: 1 }));
      return new ListDrawBatch(sampler, arena, instantiateLists(arena.memory));
    } catch (error) {
      if (error instanceof RangeError || error instanceof WebAssembly.CompileError) return null;
      throw error;
    }
  }

  /**
   * Like `Sampler.draw`.
   * @returns null if quotas or lists are too long; then nothing has changed
   */
  draw(block: UserBlock, from: number, to: number, rows: Rows, cancel: Int32Array | null): number | null {
    const { request, user: lists } = block.lists[0] ?? { request: null, user: null };
    if (request !== null || lists === null) return null;
    const batch = this.#batch(block, from, to);
    if (batch.mostQuota > MOST_QUOTA || hasHeavyUser(lists, batch.users)) return null;
    const columns = this.#columns(block, lists, batch);
    if (columns === null) return null;
    this.#copyGroups(block, batch, columns);
    const entry = valueAt(this.sampler.plan.entries, 0);
    const areExposures = entry.draws.kind === 'list' && entry.draws.rows.of === 'exposures';
    const own = userLists(block, lists, areExposures);
    const { users } = batch;
    const { items } = this.sampler.world;
    this.exports.dated.value = copyLists(own, users.from, users.to, items, columns, this.#isTimeless) ? 1 : 0;
    this.exports.start();
    let done = 0;
    while (done < to - from && (cancel === null || Atomics.load(cancel, 0) === 0))
      done = this.#some(block, batch, columns, done, rows);
    rows.unreached += this.exports.unreached.value;
    this.exports.unreached.value = 0;
    this.#tallies.settle();
    return done;
  }

  /** Statistics of log q over everything that was drawn. */
  state(): QState {
    return this.#tallies.state();
  }

  #batch(block: UserBlock, from: number, to: number): ListBatch {
    const { offsets } = block.groups;
    const quotas = valueAt(groupQuotas(this.sampler, block, from, to), 0);
    const mostQuota = quotas.reduce((most, quota) => Math.max(most, quota), 0);
    const users = from < to ? { from: userOf(offsets, from), to: userOf(offsets, to - 1) + 1 } : { from: 0, to: 0 };
    return { from, to, users, quotas, mostQuota };
  }

  #columns(
    { groups: { positives } }: UserBlock,
    { offsets }: DatedItems,
    { from, to, users, mostQuota }: ListBatch,
  ): ListColumns | null {
    let mostPositives = 0;
    for (let g = from; g < to; g++)
      mostPositives = Math.max(mostPositives, u32At(positives.offsets, g + 1) - u32At(positives.offsets, g));
    return this.#memory.columns({
      groups: to - from,
      users: users.to - users.from,
      positives: u32At(positives.offsets, to) - u32At(positives.offsets, from),
      listed: u32At(offsets, users.to) - u32At(offsets, users.from),
      rows: Math.max(ROWS_AT_ONCE, mostPositives + mostQuota),
      quota: mostQuota,
    });
  }

  #copyGroups({ groups }: UserBlock, { from, to, users, quotas }: ListBatch, columns: ListColumns): void {
    const { offsets, items } = groups.positives;
    const first = u32At(offsets, from);
    columns.words.set(groups.words.subarray(2 * from, 2 * to));
    columns.times.set(groups.time.subarray(from, to));
    columns.readTimes.set(groups.readTime.subarray(from, to));
    columns.quotas.set(quotas);
    columns.positives.set(items.subarray(first, u32At(offsets, to)));
    for (let g = from; g <= to; g++) columns.positiveOffsets[g - from] = u32At(offsets, g) - first;
    for (let user = users.from; user < users.to; user++)
      columns.userEnds[user - users.from] = Math.min(to, u32At(groups.offsets, user + 1)) - from;
  }

  /**
   * Draws some groups, from number `start` of the batch on.
   * @returns the number of the first group that is still to be drawn
   */
  #some(block: UserBlock, { from, to, quotas }: ListBatch, columns: ListColumns, start: number, rows: Rows): number {
    const { positives } = block.groups;
    const { offsets } = positives;
    const end = endOfRows(block, { from, to, most: quotas }, start, columns.group.length);
    const made = this.exports.draw(start, end, from);
    const positive = u32At(offsets, from + end) - u32At(offsets, from + start);
    const first = appendRows(rows, columns, positive, made);
    let asked = 0;
    for (let g = start, row = first; g < end; g++) {
      for (let k = u32At(offsets, from + g); k < u32At(offsets, from + g + 1); k++, row++) {
        rows.logQ[row] = NaN;
        rows.makePositive(row, u8At(positives.events, k), f64At(positives.weights, k), f64At(positives.keep, k));
      }
      const filled = u32At(columns.filled, g);
      const quota = f64At(quotas, g);
      row += filled;
      asked += quota;
      if (filled < quota) rows.short(from + g, 0, quota, filled, 'list');
    }
    rows.groups += end - start;
    const [count] = rows.entries;
    if (count) {
      count.asked += asked;
      count.drawn += made - positive;
    }
    return end;
  }
}

/** Whether WebAssembly supports a plan: its only entry takes from lists of users, without a tier of the request. */
function drawsListsInWasm({ unit, entries, logq }: StagePlan): boolean {
  const [entry] = entries;
  return (
    unit !== 'impression' &&
    logq === undefined &&
    entries.length === 1 &&
    entry?.draws.kind === 'list' &&
    (entry.draws.rows.of === 'rejections' || (entry.draws.rows.of === 'exposures' && entry.draws.rows.scope === 'user'))
  );
}

function hasHeavyUser({ offsets }: DatedItems, { from, to }: ListBatch['users']): boolean {
  for (let user = from; user < to; user++)
    if (u32At(offsets, user + 1) - u32At(offsets, user) > MOST_ORDERED) return true;
  return false;
}
