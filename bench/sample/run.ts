import { loadavg } from 'node:os';
import { markdownTable } from '../table.ts';
import type { Interpreters } from './interpreters.ts';
import { withFiles } from './jobFiles.ts';
import { jobNames, jobOf, type JobName } from './jobs.ts';
import { kernelDraws } from './kernelDraws.ts';
import { PeerProcess } from './peerProcess.ts';
import { peersOf } from './peers.ts';
import type { Taken } from './taken.ts';

export { tasks } from './jobs.ts';

const THREADS = [1, 2] as const;

/** RecSample or a peer: a row of the table. */
interface Drawer {
  readonly name: string;
  readonly threads: number;
  readonly isEqualPeer: boolean;
  readonly note: string;
  readonly draw: () => Promise<Taken>;
}

/**
 * Measures accepted draws of the kernel alone: from typed arrays to rows in memory. Threads and peers alternate.
 * One-time preparation is not timed.
 *
 * @param repeats how often each one draws everything; the table has the medians
 */
export async function benchSample(
  interpreters: Interpreters,
  only: readonly string[],
  repeats: number,
  progress: (text: string) => void,
): Promise<string> {
  const before = loadavg()[0] ?? NaN;
  const rows: string[][] = [];
  for (const source of jobNames)
    if (only.includes(source)) rows.push(...(await benchSource(source, interpreters, repeats, progress)));
  const header = [
    'source',
    'tool',
    'threads',
    'M/s by the clock',
    'M/s if its CPUs were free',
    'times 1 thread',
    'times the best numpy',
    'note',
  ];
  return `${markdownTable(header, ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'left'], rows)}\n\nLoad ${before.toFixed(1)} before, ${(loadavg()[0] ?? NaN).toFixed(1)} after.`;
}

async function benchSource(
  source: JobName,
  interpreters: Interpreters,
  repeats: number,
  progress: (text: string) => void,
): Promise<string[][]> {
  progress(`${source}: making the data`);
  const job = jobOf(source);
  return await withFiles(job, async (folder) => {
    const processes: PeerProcess[] = [];
    try {
      const drawers: Drawer[] = THREADS.map((threads) => ({
        name: 'recsample',
        threads,
        isEqualPeer: false,
        note: '',
        draw: () => kernelDraws(job, threads),
      }));
      for (const peer of peersOf(source)) {
        const interpreter = interpreters[peer.interpreter];
        if (interpreter === null) continue;
        progress(`${source}: preparing ${peer.name}`);
        const started = new PeerProcess(interpreter, peer, folder);
        processes.push(started);
        await started.prepare();
        drawers.push({
          name: peer.name,
          threads: 1,
          isEqualPeer: peer.isEqual,
          note: peer.note,
          draw: () => started.draw(),
        });
      }
      const measurements = new Map(drawers.map((drawer): [Drawer, Taken[]] => [drawer, []]));
      for (let k = 0; k < repeats; k++) {
        for (const [drawer, all] of measurements) {
          progress(
            `${source}, ${k + 1} of ${repeats}: ${drawer.name}, ${drawer.threads} thread${drawer.threads === 1 ? '' : 's'}`,
          );
          all.push(await drawer.draw());
          if (drawer.isEqualPeer) holdEqual(drawer, all, [...measurements.values()][0] ?? []);
        }
      }
      return rowsOf(source, measurements);
    } finally {
      for (const peerProcess of processes) await peerProcess.close();
    }
  });
}

/**
 * From lists both must fill the same rows; from pools one may give up where the other continues. @throws if a peer does
 * a different job
 */
function holdEqual({ name }: Drawer, [peer]: readonly Taken[], [own]: readonly Taken[]): void {
  if (!peer || !own || Math.abs(peer.draws / own.draws - 1) < 0.0001) return;
  throw new Error(`${name} drew ${peer.draws} items, RecSample ${own.draws}`);
}

function rowsOf(source: JobName, taken: ReadonlyMap<Drawer, readonly Taken[]>): string[][] {
  const rates = [...taken].map(([drawer, all]) => ({
    drawer,
    clock: median(all.map(({ draws, seconds }) => draws / seconds)) / 1e6,
    free: (median(all.map(({ draws, cpuSeconds }) => draws / cpuSeconds)) * drawer.threads) / 1e6,
  }));
  const ourRate = rates[0]?.free ?? NaN;
  // Without Python there is no peer.
  const best = Math.max(...rates.filter(({ drawer }) => drawer.isEqualPeer).map(({ free }) => free));
  return rates.map(({ drawer: { name, threads, note }, clock, free }) => [
    source,
    name,
    String(threads),
    clock.toFixed(2),
    free.toFixed(2),
    (free / ourRate).toFixed(2),
    Number.isFinite(best) ? (free / best).toFixed(2) : '',
    note,
  ]);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}
