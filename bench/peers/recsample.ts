/** RecSample's engine in its own process, as in VS Code: the built bundle, called through the same protocol. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { everything, type View } from '../../src/core/table/filter.ts';
import type { DatasetRef } from '../../src/protocol/datasetRef.ts';
import type { Page, ProfileDepth } from '../../src/protocol/engine.ts';
import { EngineSupervisor } from '../../src/server/engine/supervisor.ts';
import { PAGE, filterExpression, positions, profiled, type Answer, type Task } from '../inspect/tasks.ts';

const [task, folder] = process.argv.slice(2) as [Task, string];
const say = (a: Answer): void => void process.stdout.write(JSON.stringify(a) + '\n');
const engine = new EngineSupervisor({
  launch: { module: path.resolve(import.meta.dirname, '../../dist/engine.mjs'), execArgv: [] },
  log: () => undefined,
  changed: () => undefined,
  now: () => performance.now(),
});
const ref: DatasetRef = { id: 'bench', path: folder };
/** Longer than the copy for fast sorted pages takes; the protocol does not report when the copy is complete. */
const COPY_MILLISECONDS = 20_000;
const newestFirst: View = { filter: everything.filter, sort: [{ column: 'ts', descending: true }] };
/** The rows of one page of this view are spread over all files. */
const byUser: View = { filter: everything.filter, sort: [{ column: 'user_id', descending: false }] };
const filtered: View = { filter: { conditions: [], expression: filterExpression }, sort: [] };

// The first call forks the engine. In VS Code too, the server is already running then.
const forked = performance.now();
const dataset = await engine.call('open', { ref });
const columns = dataset.columns.map((_, k) => k);
const page = (view: View, first: number): Promise<Page> =>
  engine.call('page', { ref, view, first, count: PAGE, columns });
const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};
const pages = async (view: View, count: number): Promise<number[]> => {
  const ms: number[] = [];
  for (const row of positions(dataset.rows ?? 0, count)) ms.push(await timed(() => page(view, row)));
  return ms;
};
const profile = (depth: ProfileDepth): Promise<unknown> =>
  engine.call('profile', {
    ref,
    view: everything,
    columns: profiled.map((name) => dataset.columns.findIndex((c) => c.name === name)),
    depth,
  });

const measure: Record<Task, () => Promise<{ ms: number[]; note?: string }>> = {
  first: async () => {
    await page(everything, 0);
    say({ event: 'ready', ms: [performance.now() - forked] });
    return { ms: [], note: 'from the fork of the engine' };
  },
  anywhere: async () => ({ ms: await pages(everything, 50) }),
  sort: async () => ({ ms: [await timed(() => page(newestFirst, 0))] }),
  'sorted-anywhere': async () => {
    const prepared = await timed(async () => {
      await engine.call('count', { ref, view: byUser });
      await pages(byUser, 1);
    });
    // First the pages that a user gets while the copy for fast pages is being made, then the pages after it.
    const early = await pages(byUser, 5);
    await new Promise((resolve) => setTimeout(resolve, COPY_MILLISECONDS));
    return {
      ms: await pages(byUser, 50),
      note: `sorted in ${(prepared / 1000).toFixed(1)} s, once; pages ${Math.max(...early).toFixed(0)} ms at most while the copy is made`,
    };
  },
  filter: async () => ({ ms: [await timed(() => page(filtered, 0))] }),
  'filter-count': async () => ({
    ms: [await timed(() => Promise.all([engine.call('count', { ref, view: filtered }), page(filtered, 0)]))],
  }),
  'profile-base': async () => ({ ms: [await timed(() => profile('base'))] }),
  'profile-full': async () => ({ ms: [await timed(() => profile('whole'))] }),
};

const { ms, note } = await measure[task]();
const peakMb = peakOf(engine.pid);
say({ event: 'done', ms, ...(peakMb === undefined ? {} : { peakMb }), ...(note === undefined ? {} : { note }) });
engine.dispose();

/** Peak resident memory of a process in MB, if the system reports it. */
function peakOf(pid: number | null): number | undefined {
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
  } catch {
    return undefined;
  }
}
