import { parentPort } from 'node:worker_threads';
import { grown } from '../../../core/sampling/kernel/grown.ts';
import type { RowCounts } from '../../../core/sampling/kernel/rowCounts.ts';
import type { EffectiveState } from '../../../core/sampling/effectiveShares.ts';
import { rowsOf, type Rows } from '../../../core/sampling/kernel/rows.ts';
import { createSampler, type EntryPreparedPools } from '../../../core/sampling/kernel/sampler.ts';
import type { QState } from '../../../core/sampling/lock/qTally.ts';
import type { StagePlan } from '../../../core/sampling/plan/stagePlan.ts';
import type { UserBlock, World } from '../../../core/sampling/world/world.ts';
import { wordsAt } from '../../inputs/wordsAt.ts';
import { BUFFERS, sharedly } from './shared.ts';
import { DrawBatchSampler } from './drawBatchSampler.ts';
import type { DrawBatchRows } from './drawBatchRunner.ts';

/** Start data of a thread. Typed arrays are shared. */
export interface WorkerStart {
  readonly plan: StagePlan;
  readonly world: World;
  readonly pools: EntryPreparedPools;
  /** Item ids as two words each, low word first; null if they are texts. */
  readonly itemIds: Uint32Array | null;
  /** Shared with the caller. Drawing stops once `cancel[0]` is not 0. */
  readonly cancel: Int32Array;
}
/** Sets the block; draws the groups `from` to `to` of the last block; or ends and answers with the totals. */
export type WorkerTask = { readonly block: UserBlock } | { readonly from: number; readonly to: number } | 'end';
/** The rows of a draw batch, with the running counts of their buffer; or, at the end, the totals. */
export type WorkerAnswer = (DrawBatchRows & RowCounts) | DrawnState;
/** Totals of log q and of its corrections. `effective`: null for a plan without `logq`. */
export interface DrawnState {
  readonly q: QState;
  readonly effective: EffectiveState | null;
}

interface Buffer {
  readonly rows: Rows;
  itemIds: Uint32Array;
}

/** Runs in a worker thread: draws the requested groups batch by batch, into alternating buffers. */
export function startDrawing({ plan, world, pools, itemIds, cancel }: WorkerStart): void {
  const sampler = new DrawBatchSampler(createSampler(plan, world, pools));
  const buffers = Array.from({ length: BUFFERS }, (): Buffer => ({
    rows: rowsOf(plan, sharedly),
    itemIds: new Uint32Array(sharedly(0)),
  }));
  let batch = 0;
  let block: UserBlock | null = null;

  const draw = (from: number, to: number): void => {
    const buffer = buffers[batch++ % buffers.length];
    if (!buffer) return;
    const { rows } = buffer;
    rows.clear();
    if (block) sampler.draw(block, from, to, rows, cancel);
    if (itemIds !== null)
      buffer.itemIds = wordsAt(itemIds, rows.item, rows.count, grown(buffer.itemIds, 2 * rows.count));
    // `postMessage` shares the columns, which are in shared memory, and copies the counts.
    answer(Object.assign({}, rows, { itemIds: itemIds === null ? null : buffer.itemIds }));
  };

  parentPort?.on('message', (task: WorkerTask) => {
    if (task === 'end') answer({ q: sampler.tally().state(), effective: sampler.effective()?.state() ?? null });
    else if ('block' in task) block = task.block;
    else draw(task.from, task.to);
  });
}

function answer(message: WorkerAnswer): void {
  parentPort?.postMessage(message);
}
