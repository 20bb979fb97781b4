import { parentPort, workerData } from 'node:worker_threads';
import { grown } from '../../../core/sampling/kernel/grown.ts';
import type { RowCounts } from '../../../core/sampling/kernel/rowCounts.ts';
import { Rows } from '../../../core/sampling/kernel/rows.ts';
import { createSampler, type EntryPreparedPools } from '../../../core/sampling/kernel/sampler.ts';
import type { QState } from '../../../core/sampling/lock/qTally.ts';
import type { StagePlan } from '../../../core/sampling/plan/stagePlan.ts';
import type { UserBlock, World } from '../../../core/sampling/world/world.ts';
import { wordsAt } from '../wordsAt.ts';
import { BUFFERS, sharedly } from './shared.ts';
import { StretchSampler } from './stretchSampler.ts';
import type { StretchRows } from './stretchDrawer.ts';

/** What a thread knows from its start on; typed arrays are shared. */
export interface WorkerStart {
  readonly plan: StagePlan;
  readonly world: World;
  readonly pools: EntryPreparedPools;
  /** Ids of the items as two words each, low first; null where they are texts. */
  readonly itemIds: Uint32Array | null;
  /** Anything but 0 in its first place ends a drawing. */
  readonly cancel: Int32Array;
}
/** Another block, groups of the last one to be drawn, or the end. */
export type WorkerTask = { readonly block: UserBlock } | { readonly from: number; readonly to: number } | 'end';
/** The rows of a stretch with the counts of their buffer, which go on from stretch to stretch; or, at the end, what was tallied. */
export type WorkerAnswer = (StretchRows & RowCounts) | { readonly q: QState };

interface Buffer {
  readonly rows: Rows;
  itemIds: Uint32Array;
}

// A thread: it draws the groups that it is told to, one stretch after the other, into buffers that take turns.
const { plan, world, pools, itemIds, cancel } = workerData as WorkerStart;
const sampler = new StretchSampler(createSampler(plan, world, pools));
const buffers = Array.from({ length: BUFFERS }, (): Buffer => ({
  rows: new Rows(plan.entries.length, sharedly),
  itemIds: new Uint32Array(sharedly(0)),
}));
let stretch = 0;
let block: UserBlock | null = null;

parentPort?.on('message', (task: WorkerTask) => {
  if (task === 'end') answer({ q: sampler.tally().state() });
  else if ('block' in task) block = task.block;
  else draw(task.from, task.to);
});

function draw(from: number, to: number): void {
  const buffer = buffers[stretch++ % buffers.length];
  if (!buffer) return;
  const { rows } = buffer;
  rows.clear();
  if (block) sampler.draw(block, from, to, rows, cancel);
  if (itemIds !== null) buffer.itemIds = wordsAt(itemIds, rows.item, rows.count, grown(buffer.itemIds, 2 * rows.count));
  // Columns travel by reference, counts as they are now.
  answer(Object.assign({}, rows, { itemIds: itemIds === null ? null : buffer.itemIds }));
}

function answer(message: WorkerAnswer): void {
  parentPort?.postMessage(message);
}
