import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { DrawThreads } from '../../src/engine/draw/threads/drawThreads.ts';
import type { Job } from './jobs.ts';
import type { Taken } from './taken.ts';

const worker = path.resolve(import.meta.dirname, '../peers/.build/drawWorker.mjs');
/** Groups per block of a thread, before the rows are read: a few megabytes. */
const GROUPS_AT_ONCE = 8192;

/**
 * Draws with RecSample's threads, which are started again for each call. Each group has one positive in addition to its
 * draws. Draws everything twice: the first run compiles, the second is timed.
 */
export async function kernelDraws({ plan, world, block }: Job, count: number): Promise<Taken> {
  const threads = new DrawThreads(count, worker, plan, world, null);
  try {
    threads.start(block);
    const run = async (): Promise<number> => {
      let draws = 0;
      const pending: Promise<void>[] = [];
      for (let from = 0; from < block.groups.count; from += GROUPS_AT_ONCE) {
        const to = Math.min(block.groups.count, from + GROUPS_AT_ONCE);
        if (pending.length === threads.ahead) await pending.shift();
        pending.push(
          threads.draw(from, to).then(({ count: rows }) => {
            draws += rows - (to - from);
          }),
        );
      }
      await Promise.all(pending);
      return draws;
    };
    await run();
    const start = performance.now();
    const used = process.cpuUsage();
    const draws = await run();
    const { user, system } = process.cpuUsage(used);
    return { draws, seconds: (performance.now() - start) / 1000, cpuSeconds: (user + system) / 1e6 };
  } finally {
    await threads.close();
  }
}
