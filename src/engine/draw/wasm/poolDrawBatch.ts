import { Corrections } from '../../../core/sampling/kernel/corrections.ts';
import type { Rows } from '../../../core/sampling/kernel/rows.ts';
import type { Sampler } from '../../../core/sampling/kernel/sampler.ts';
import type { QState } from '../../../core/sampling/lock/qTally.ts';
import type { UserBlock } from '../../../core/sampling/world/world.ts';
import { f64At, i32At, u32At, u8At, valueAt } from '../../../core/valueAt.ts';
import type { Arena } from './arena.ts';
import { DrawBatchMemory, type DrawBatch } from './drawBatchMemory.ts';
import { endOfRows, entryDraws, ROWS_AT_ONCE, type EntryDraws } from './entryDraws.ts';
import { groupQuotas } from './groupQuotas.ts';

/**
 * Draws for plans with one entry, which must be a pool or pools by attributes of the positive, and for users with
 * constant exclusions. The rows equal those of the sampler, bit for bit.
 */
export class PoolDrawBatch {
  /** The module knows no corrections: they follow from its log q and its numbers of acceptable items. */
  readonly #corrections: Corrections | null;
  readonly #memory: DrawBatchMemory;

  private constructor(
    private readonly sampler: Sampler,
    arena: Arena,
    private readonly draws: EntryDraws,
  ) {
    this.#memory = new DrawBatchMemory(arena, [draws], ROWS_AT_ONCE);
    this.#corrections = Corrections.forPlan(sampler.plan, sampler.world);
  }

  /** @returns null for plans with other entries, and if no module is available; then the sampler draws */
  static of(sampler: Sampler): PoolDrawBatch | null {
    const made = sampler.plan.entries.length === 1 ? entryDraws(sampler) : null;
    const [draws] = made?.draws ?? [];
    return made && draws ? new PoolDrawBatch(sampler, made.arena, draws) : null;
  }

  /**
   * Like `Sampler.draw`.
   * @returns null if the draw batch is too large; then nothing has changed
   */
  draw(block: UserBlock, from: number, to: number, rows: Rows, cancel: Int32Array | null): number | null {
    const quotas = valueAt(groupQuotas(this.sampler, block, from, to), 0);
    const batch = this.draws.batch(block, from, to, quotas);
    if (!batch || !this.#memory.enter(block, [batch])) return null;
    this.draws.start(batch);
    let done = 0;
    while (done < to - from && (cancel === null || Atomics.load(cancel, 0) === 0))
      done = this.#some(block, batch, done, rows);
    rows.unreached += this.draws.settle(rows);
    return done;
  }

  /** Statistics of log q over everything that was drawn. */
  state(): QState {
    return this.draws.tallies.state();
  }

  /**
   * Draws some groups, from number `start` of the draw batch on.
   * @returns the number of the first group that is still to be drawn
   */
  #some(block: UserBlock, batch: DrawBatch, start: number, rows: Rows): number {
    const columns = valueAt(this.#memory.columns, 0);
    const { filled: filledOf, acceptable } = columns;
    const { positives } = block.groups;
    const { offsets } = positives;
    const { from, to, quotas } = batch;
    const end = endOfRows(block, batch, start, columns.group.length);
    const made = this.draws.exports.draw(start, end, to - from, from);
    const positive = u32At(offsets, from + end) - u32At(offsets, from + start);
    const first = rows.reserve(positive, 0, made - positive);
    const { group, item, draw, logQ } = columns;
    rows.group.set(group.subarray(0, made), first);
    rows.item.set(item.subarray(0, made), first);
    rows.draw.set(draw.subarray(0, made), first);
    // With one entry, the log q of the entry is that of the mix.
    rows.logQ.set(logQ.subarray(0, made), first);
    rows.logQMix.set(logQ.subarray(0, made), first);
    const [count] = rows.entries;
    for (let g = start, row = first; g < end; g++) {
      const filled = u32At(filledOf, g);
      const ofGroup = u32At(offsets, from + g + 1) - u32At(offsets, from + g);
      if (this.#corrections) this.#correct(this.#corrections, rows, row, ofGroup, filled, i32At(acceptable, g));
      for (let k = u32At(offsets, from + g); k < u32At(offsets, from + g + 1); k++, row++) {
        rows.logQ[row] = NaN;
        rows.markPositive(row, u8At(positives.events, k), f64At(positives.weights, k), f64At(positives.keep, k));
      }
      row += filled;
      const asked = f64At(quotas, g);
      if (count) count.asked += asked;
      if (filled < asked)
        rows.addShortfall(from + g, 0, asked, filled, i32At(acceptable, g) < asked ? 'pool' : 'attempts');
    }
    rows.groups += end - start;
    if (count) count.drawn += made - positive;
    return end;
  }

  /** Writes the corrections of a group whose positives begin at `first`, before their log q is cleared. */
  #correct(
    corrections: Corrections,
    { item, logQMix, correction, batchCorrection }: Rows,
    first: number,
    positives: number,
    filled: number,
    acceptable: number,
  ): void {
    const drawn = first + positives;
    for (let row = first; row < drawn; row++) {
      const one = u32At(item, row);
      correction[row] = corrections.ofPool(one, true, f64At(logQMix, row), filled, acceptable + 1);
      if (batchCorrection.length > 0) batchCorrection[row] = corrections.ofBatch(one, f64At(correction, row));
    }
    for (let row = drawn; row < drawn + filled; row++)
      correction[row] = corrections.ofPool(u32At(item, row), false, f64At(logQMix, row), filled, acceptable);
    if (batchCorrection.length > 0) batchCorrection.fill(NaN, drawn, drawn + filled);
  }
}
