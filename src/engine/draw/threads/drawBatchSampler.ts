import { EffectiveTally } from '../../../core/sampling/effectiveShares.ts';
import type { Rows } from '../../../core/sampling/kernel/rows.ts';
import type { Sampler } from '../../../core/sampling/kernel/sampler.ts';
import { QTally } from '../../../core/sampling/lock/qTally.ts';
import type { UserBlock } from '../../../core/sampling/world/world.ts';
import { MixDrawBatch } from '../wasm/mixDrawBatch.ts';
import { PoolDrawBatch } from '../wasm/poolDrawBatch.ts';

/**
 * Draws batches of groups, and collects statistics of log q and of its corrections. Uses WebAssembly if a plan allows
 * it, else the sampler. The rows are the same.
 */
export class DrawBatchSampler {
  readonly #q: QTally;
  readonly #effective: EffectiveTally | null;
  readonly #wasm: PoolDrawBatch | MixDrawBatch | null;

  constructor(private readonly sampler: Sampler) {
    this.#q = new QTally(sampler.plan.entries.length);
    this.#effective = EffectiveTally.forPlan(sampler.plan);
    this.#wasm = PoolDrawBatch.of(sampler) ?? MixDrawBatch.of(sampler);
  }

  /**
   * Adds the rows of the groups from … to of a block to empty rows.
   * @param cancel a first element other than 0 stops the draw
   */
  draw(block: UserBlock, from: number, to: number, rows: Rows, cancel: Int32Array | null): void {
    const done = this.#wasm?.draw(block, from, to, rows, cancel) ?? null;
    if (done === null) {
      this.sampler.draw(block, from, to, rows, cancel ? { cancel } : {});
      this.#q.add(rows);
    }
    this.#effective?.add(rows);
  }

  /** Statistics of log q of everything that was drawn. */
  tally(): QTally {
    const q = new QTally(this.sampler.plan.entries.length);
    q.addState(this.#q.state());
    if (this.#wasm) q.addState(this.#wasm.state());
    return q;
  }

  /** Effective shares of everything that was drawn; null for a plan without `logq`. */
  effective(): EffectiveTally | null {
    return this.#effective;
  }
}
