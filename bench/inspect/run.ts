import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { markdownTable } from '../table.ts';
import { taskNames, tasks, type Answer, type Task } from './tasks.ts';

const peersFolder = path.resolve(import.meta.dirname, '../peers');

interface Peer {
  readonly name: string;
  readonly command: (task: Task, folder: string) => readonly [string, ...string[]];
}

interface Measurement {
  readonly ms: readonly number[];
  readonly peakMb?: number;
  readonly note?: string;
}

export interface InspectOptions {
  /** Folder of impressions, hive-partitioned Parquet. */
  readonly folder: string;
  /** Python with the peers of requirements.txt. Null leaves them out; the report says so. */
  readonly python: string | null;
  readonly only: readonly Task[] | null;
  /** Called with the name of the current step. */
  readonly progress: (text: string) => void;
}

/** Runs every task on every peer, in alternation, each in a new process. Returns a Markdown report. */
export async function benchInspect({ folder, python, only, progress }: InspectOptions): Promise<string> {
  const script = (name: string): Peer => ({
    name,
    command: (task) => [process.execPath, path.join(peersFolder, '.build', `${name}.mjs`), task, folder],
  });
  const peers: Peer[] = [
    script('recsample'),
    script('duckdb'),
    script('hyparquet'),
    ...(python === null
      ? []
      : ['pyarrow', 'polars', 'pandas'].map((name): Peer => ({
          name,
          command: (task) => [python, path.join(peersFolder, 'python.py'), name, task, folder],
        }))),
  ];
  const rows: string[][] = [];
  for (const task of only ?? taskNames) {
    const repeats = task === 'first' ? 7 : 3;
    const results = new Map<string, Measurement[]>();
    const skipped = new Set<Peer>();
    for (let k = 0; k < repeats; k++) {
      for (const peer of peers.filter((p) => !skipped.has(p))) {
        progress(`${task}, ${k + 1} of ${repeats}: ${peer.name}`);
        const measurement = await measure(peer, task, folder);
        if (measurement) results.set(peer.name, [...(results.get(peer.name) ?? []), measurement]);
        else skipped.add(peer);
      }
    }
    const ours = medianOf(results.get('recsample') ?? []);
    for (const peer of peers) {
      const all = results.get(peer.name);
      if (!all) continue;
      const ms = medianOf(all);
      const peak = Math.max(...all.map((m) => m.peakMb ?? 0));
      const note = all.find((m) => m.note !== undefined)?.note ?? '';
      rows.push([
        tasks[task],
        peer.name,
        ms.toFixed(ms < 10 ? 1 : 0),
        peer.name === 'recsample' ? '1' : (ms / ours).toFixed(2),
        peak === 0 ? '' : peak.toFixed(0),
        note,
      ]);
    }
  }
  return markdownTable(
    ['task', 'tool', 'median ms', 'time / RecSample', 'peak MB', 'note'],
    ['left', 'left', 'right', 'right', 'right', 'left'],
    rows,
  );
}

/** Null if the peer has no answer to the task. Throws if it fails. */
function measure(peer: Peer, task: Task, folder: string): Promise<Measurement | null> {
  const [program, ...args] = peer.command(task, folder);
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let ready: number | null = null;
    let done: Answer | null = null;
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const answer = JSON.parse(line) as Answer;
      if (answer.event === 'ready') ready = answer.ms?.[0] ?? performance.now() - start;
      else done = answer;
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code !== 0) reject(new Error(`${peer.name} failed at ${task}:\n${errors}`));
      else if (done === null) resolve(null);
      else
        resolve({
          ms: ready === null ? (done.ms ?? []) : [ready],
          ...(done.peakMb === undefined ? {} : { peakMb: done.peakMb }),
          ...(done.note === undefined ? {} : { note: done.note }),
        });
    });
  });
}

function medianOf(all: readonly Measurement[]): number {
  const sorted = all.flatMap((m) => [...m.ms]).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2;
}
