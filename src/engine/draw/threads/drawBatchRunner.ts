import type { DrawnRows, RowCounts } from '../../../core/sampling/kernel/rowCounts.ts';
import type { EffectiveShares } from '../../../core/sampling/drawn.ts';
import { rowsOf, type Rows } from '../../../core/sampling/kernel/rows.ts';
import { createSampler } from '../../../core/sampling/kernel/sampler.ts';
import type { QTally } from '../../../core/sampling/lock/qTally.ts';
import type { StagePlan } from '../../../core/sampling/plan/stagePlan.ts';
import type { UserBlock, World } from '../../../core/sampling/world/world.ts';
import { DrawBatchSampler } from './drawBatchSampler.ts';

/**
 * Rows of a draw batch. `itemIds`: ids of their items as two words each, low word first; null if the drawer does not
 * know them.
 */
export interface DrawBatchRows extends DrawnRows {
  readonly itemIds: Uint32Array | null;
}

/** Totals over all draw batches. */
export interface DrawnTotals {
  readonly counts: RowCounts;
  readonly q: QTally;
  /** Null without negatives, and for a plan without `logq`. */
  readonly effective: EffectiveShares | null;
}

/** Draws batches of groups of blocks. Rows depend only on their groups, not on the drawer. */
export interface DrawBatchRunner {
  /** How many draw batches may be in progress before their rows are read. */
  readonly ahead: number;
  /** Sets the block whose groups are drawn from now on. */
  start(block: UserBlock): void;
  /** The rows of the groups from … to. They are valid until `ahead` further batches are requested. */
  draw(from: number, to: number): Promise<DrawBatchRows>;
  /** The totals, after all rows are drawn. */
  totals(): Promise<DrawnTotals>;
  close(): Promise<void>;
}

/** Draws in the calling thread. */
export class LocalDrawBatchRunner implements DrawBatchRunner {
  readonly ahead = 1;
  readonly #sampler: DrawBatchSampler;
  readonly #rows: Rows;
  #block: UserBlock | null = null;

  constructor(plan: StagePlan, world: World) {
    this.#sampler = new DrawBatchSampler(createSampler(plan, world));
    this.#rows = rowsOf(plan);
  }

  start(block: UserBlock): void {
    this.#block = block;
  }

  async draw(from: number, to: number): Promise<DrawBatchRows> {
    const block = this.#block;
    // Let other tasks run.
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    this.#rows.clear();
    if (block) this.#sampler.draw(block, from, to, this.#rows, null);
    return Object.assign({}, this.#rows, { itemIds: null });
  }

  totals(): Promise<DrawnTotals> {
    const effective = this.#sampler.effective()?.shares() ?? null;
    return Promise.resolve({ counts: this.#rows, q: this.#sampler.tally(), effective });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
