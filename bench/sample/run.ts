import { loadavg } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { DrawThreads } from '../../src/engine/sampling/threads/drawThreads.ts';
import { markdownTable } from '../table.ts';
import { jobOf, sampledSources, type Job, type SampledSource } from './jobs.ts';
import { equals, measurePeer, peers, withFiles, type Peer, type Taken } from './peers.ts';

export { tasks } from './jobs.ts';

const worker = path.resolve(import.meta.dirname, '../peers/.build/drawWorker.mjs');
const THREADS = [1, 2] as const;
const REPEATS = 5;
/** Groups whose rows a thread has in memory before they are read: a few megabytes. */
const STRETCH = 8192;

/**
 * Accepted draws of the kernel alone: from typed arrays to rows in memory. Threads and peers take turns; what is prepared once is not timed.
 *
 * @param python with the peers of requirements.txt; null leaves them out
 */
export async function benchSample(python: string | null, only: readonly string[] | null, progress: (text: string) => void): Promise<string> {
  const before = loadavg()[0] ?? NaN;
  const rows: string[][] = [];
  for (const source of sampledSources) {
    if (only !== null && !only.includes(source)) continue;
    rows.push(...await benchSource(source, source === 'popularity' ? python : null, progress));
  }
  const header = ['source', 'tool', 'threads', 'M/s by the clock', 'M/s if its CPUs were free', 'times 1 thread', 'times the best numpy'];
  return `${markdownTable(header, ['left', 'left', 'right', 'right', 'right', 'right', 'right'], rows)}\n\nLoad ${before.toFixed(1)} before, ${(loadavg()[0] ?? NaN).toFixed(1)} after.`;
}

async function benchSource(source: SampledSource, python: string | null, progress: (text: string) => void): Promise<string[][]> {
  progress(`${source}: making the data`);
  const job = jobOf(source);
  return await withFiles(job, async (folder) => {
    const taken = new Map<number | Peer, Taken[]>([...THREADS, ...(python === null ? [] : peers)].map((who) => [who, []]));
    for (let k = 0; k < REPEATS; k++) {
      for (const [who, all] of taken) {
        progress(`${source}, ${k + 1} of ${REPEATS}: ${typeof who === 'number' ? `${who} threads` : who}`);
        all.push(typeof who === 'number' ? await measure(job, who) : measurePeer(python ?? '', who, folder));
      }
    }
    const free = (who: number | Peer): number => median((taken.get(who) ?? []).map(({ draws, cpuSeconds }) => (draws / cpuSeconds) * (typeof who === 'number' ? who : 1))) / 1e6;
    const best = python === null ? NaN : Math.max(...equals.map(free));
    return [...taken].map(([who, all]) => [
      source, typeof who === 'number' ? 'recsample' : who, String(typeof who === 'number' ? who : 1), (median(all.map(({ draws, seconds }) => draws / seconds)) / 1e6).toFixed(1), free(who).toFixed(1),
      (free(who) / free(1)).toFixed(2), Number.isNaN(best) ? '' : (free(who) / best).toFixed(2),
    ]);
  });
}

/** Each group has one positive besides its draws. Draws everything twice: the first time compiles, the second is timed. */
async function measure({ plan, world, block }: Job, count: number): Promise<Taken> {
  const threads = new DrawThreads(count, worker, plan, world, null);
  try {
    threads.start(block);
    const run = async (): Promise<number> => {
      let draws = 0;
      const asked: Promise<void>[] = [];
      for (let from = 0; from < block.groups.count; from += STRETCH) {
        const to = Math.min(block.groups.count, from + STRETCH);
        if (asked.length === threads.ahead) await asked.shift();
        asked.push(threads.draw(from, to).then(({ count: rows }) => { draws += rows - (to - from); }));
      }
      await Promise.all(asked);
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

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}
