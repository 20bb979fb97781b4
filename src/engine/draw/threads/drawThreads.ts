import { Worker } from 'node:worker_threads';
import { preparePool } from '../../../core/sampling/kernel/preparedPool.ts';
import { sumOfCounts, type RowCounts } from '../../../core/sampling/kernel/rowCounts.ts';
import { EffectiveTally } from '../../../core/sampling/effectiveShares.ts';
import { QTally } from '../../../core/sampling/lock/qTally.ts';
import type { StagePlan } from '../../../core/sampling/plan/stagePlan.ts';
import type { UserBlock, World } from '../../../core/sampling/world/world.ts';
import type { DrawnState, WorkerAnswer, WorkerStart, WorkerTask } from './drawWorker.ts';
import { BUFFERS, shared as sharedArrays, sharedBlock, sharedly, sharedWorld } from './shared.ts';
import type { DrawnTotals, DrawBatchRunner, DrawBatchRows } from './drawBatchRunner.ts';

/**
 * Threads that draw for the same plan, in round-robin order. World, pools and blocks are in shared memory; every thread
 * has separate rows.
 */
export class DrawThreads implements DrawBatchRunner {
  readonly ahead: number;
  readonly #threads: readonly Thread[];
  readonly #cancel = new Int32Array(sharedly(4));
  #next = 0;

  /**
   * @param module the module `worker.ts`
   * @param itemIds two words per item, low word first; null if ids are texts
   */
  constructor(
    count: number,
    module: string,
    private readonly plan: StagePlan,
    world: World,
    itemIds: Uint32Array | null,
  ) {
    const shared = sharedWorld(world);
    const pools = shared.pools.map((entry) => entry.pools.map((pool) => preparePool(pool, shared.items, sharedly)));
    const workerData: WorkerStart = {
      plan,
      world: shared,
      pools,
      itemIds: sharedArrays(itemIds),
      cancel: this.#cancel,
    };
    const threads: Thread[] = [];
    try {
      while (threads.length < count) threads.push(new Thread(new Worker(module, { workerData })));
    } catch (error) {
      // Close them here, because no other code has a reference to them.
      for (const thread of threads) void thread.close();
      throw error;
    }
    this.#threads = threads;
    this.ahead = BUFFERS * count;
  }

  start(block: UserBlock): void {
    const shared = sharedBlock(block);
    for (const thread of this.#threads) thread.post({ block: shared });
  }

  /** @throws the error of a thread that ended */
  async draw(from: number, to: number): Promise<DrawBatchRows> {
    const thread = this.#threads[this.#next++ % this.#threads.length];
    if (!thread) throw new Error('no threads');
    return await thread.draw(from, to);
  }

  async totals(): Promise<DrawnTotals> {
    const entries = this.plan.entries.length;
    const q = new QTally(entries);
    const tally = EffectiveTally.forPlan(this.plan);
    for (const state of await Promise.all(this.#threads.map((thread) => thread.end()))) {
      q.addState(state.q);
      if (state.effective) tally?.addState(state.effective);
    }
    return {
      counts: sumOfCounts(
        this.#threads.flatMap((thread) => thread.counts),
        entries,
      ),
      q,
      effective: tally?.shares() ?? null,
    };
  }

  /** Stops the current draws. */
  async close(): Promise<void> {
    Atomics.store(this.#cancel, 0, 1);
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}

interface Waiting {
  readonly resolve: (answer: WorkerAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** A thread answers in the order of its requests. */
class Thread {
  /** Counts of each of its buffers. */
  readonly counts: RowCounts[] = [];
  readonly #waiting: Waiting[] = [];
  #ended: Error | null = null;
  #batches = 0;

  constructor(private readonly worker: Worker) {
    worker.on('message', (answer: WorkerAnswer) => {
      this.#waiting.shift()?.resolve(answer);
    });
    worker.on('error', (error: Error) => {
      this.#end(error);
    });
    worker.on('exit', (code) => {
      this.#end(new Error(`a drawing thread ended with code ${code}`));
    });
  }

  post(task: WorkerTask): void {
    this.worker.postMessage(task);
  }

  async draw(from: number, to: number): Promise<DrawBatchRows> {
    const rows = await this.#ask({ from, to });
    if (!('count' in rows)) throw new Error('a drawing thread answers something else');
    this.counts[this.#batches++ % BUFFERS] = rows;
    return rows;
  }

  async end(): Promise<DrawnState> {
    const answer = await this.#ask('end');
    return 'q' in answer ? answer : { q: [], effective: null };
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  async #ask(task: WorkerTask): Promise<WorkerAnswer> {
    if (this.#ended) throw this.#ended;
    return await new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.post(task);
    });
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
  }
}
