import type { Rows } from '../../../core/sampling/kernel/rows.ts';
import type { Sampler } from '../../../core/sampling/kernel/sampler.ts';
import { QTally } from '../../../core/sampling/lock/qTally.ts';
import type { UserBlock } from '../../../core/sampling/world/world.ts';
import { PoolStretch } from '../poolStretch/poolStretch.ts';

/** Draws stretches of groups and tallies their log q: in WebAssembly where a plan allows it, else by the sampler. The rows are the same. */
export class StretchSampler {
  readonly #q: QTally;
  readonly #poolStretch: PoolStretch | null;

  constructor(private readonly sampler: Sampler) {
    this.#q = new QTally(sampler.plan.entries.length);
    this.#poolStretch = PoolStretch.of(sampler);
  }

  /**
   * Adds the rows of the groups from … to of a block to empty ones.
   *
   * @param cancel anything but 0 in its first place ends the drawing
   */
  draw(block: UserBlock, from: number, to: number, rows: Rows, cancel: Int32Array | null): void {
    const done = this.#poolStretch?.draw(block, from, to, rows, cancel) ?? null;
    if (done !== null) return;
    this.sampler.draw(block, from, to, rows, cancel ? { cancel } : {});
    this.#q.add(rows);
  }

  /** Figures of everything that was drawn. */
  tally(): QTally {
    const q = new QTally(this.sampler.plan.entries.length);
    q.addState(this.#q.state());
    if (this.#poolStretch) q.addState(this.#poolStretch.state());
    return q;
  }
}
