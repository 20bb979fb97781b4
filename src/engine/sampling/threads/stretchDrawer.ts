import type { DrawnRows, RowCounts } from '../../../core/sampling/kernel/rowCounts.ts';
import { Rows } from '../../../core/sampling/kernel/rows.ts';
import { createSampler } from '../../../core/sampling/kernel/sampler.ts';
import type { QTally } from '../../../core/sampling/lock/qTally.ts';
import type { StagePlan } from '../../../core/sampling/plan/stagePlan.ts';
import type { UserBlock, World } from '../../../core/sampling/world/world.ts';
import { StretchSampler } from './stretchSampler.ts';

/** Rows of a stretch; `itemIds`: ids of their items as two words each, low first, where whoever draws knows them. */
export interface StretchRows extends DrawnRows {
  readonly itemIds: Uint32Array | null;
}

/** What was drawn of all stretches. */
export interface DrawnTotals {
  readonly counts: RowCounts;
  readonly q: QTally;
}

/** Draws stretches of groups of blocks. Rows depend on their groups alone, not on who draws them. */
export interface StretchDrawer {
  /** How many stretches may be drawn whose rows were not read yet. */
  readonly ahead: number;
  /** Gives the block whose groups are drawn from now on. */
  start(block: UserBlock): void;
  /** The rows of the groups from … to. They last until `ahead` further stretches are asked for. */
  draw(from: number, to: number): Promise<StretchRows>;
  /** What was drawn, when all rows are there. */
  totals(): Promise<DrawnTotals>;
  close(): Promise<void>;
}

/** Draws where it is called. */
export class LocalDrawer implements StretchDrawer {
  readonly ahead = 1;
  readonly #sampler: StretchSampler;
  readonly #rows: Rows;
  #block: UserBlock | null = null;

  constructor(plan: StagePlan, world: World) {
    this.#sampler = new StretchSampler(createSampler(plan, world));
    this.#rows = new Rows(plan.entries.length);
  }

  start(block: UserBlock): void {
    this.#block = block;
  }

  async draw(from: number, to: number): Promise<StretchRows> {
    const block = this.#block;
    // Others have their turn.
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    this.#rows.clear();
    if (block) this.#sampler.draw(block, from, to, this.#rows, null);
    return Object.assign({}, this.#rows, { itemIds: null });
  }

  totals(): Promise<DrawnTotals> {
    return Promise.resolve({ counts: this.#rows, q: this.#sampler.tally() });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
