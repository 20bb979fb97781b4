import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { measure, median, type Measured } from '../measure.ts';
import { shopConfig, shopFiles } from '../sample/files/shopFiles.ts';
import { markdownTable } from '../table.ts';

const root = path.resolve(import.meta.dirname, '../..');
const cli = path.join(root, 'dist', 'cli.cjs');

/** Numbers of positives by task. */
export const sparkSizes = { '100k': 100_000, '1m': 1_000_000, '3m': 3_000_000 } as const;
export const sparkTasks: Readonly<Record<keyof typeof sparkSizes, string>> = {
  '100k': 'the job of 100,000 positives; a job with rand() and the local file beside it',
  '1m': 'the same for a million positives',
  '3m': 'the same for three million positives',
};

/** Programs of one version of Spark, from scripts/spark.mjs. */
export interface SparkPrograms {
  readonly submit: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface SparkBench {
  /** Cache folder for the shops. */
  readonly cache: string;
  readonly version: string;
  readonly spark: SparkPrograms;
  readonly sizes: readonly number[];
  readonly repeats: number;
  readonly progress: (text: string) => void;
}

interface Taken extends Measured {
  readonly shuffleBytes: number;
  /** Seconds that the tasks of Spark ran. */
  readonly taskSeconds: number;
  /** Seconds of a core that they computed: unlike the others, not longer if other programs run. */
  readonly cpuSeconds: number;
}

/** Makes one run. `directory`: empty, its own. */
type Tool = (folder: string, directory: string) => Promise<Taken>;

/**
 * The job of `recsample spark`, a job with `rand()`, and `recsample sample`, in turns, each in a process of its own on
 * two cores. Seconds are from the start of the process to its end.
 * @throws Error if the rows of the job differ from those of the local file
 */
export async function benchSpark(options: SparkBench): Promise<string> {
  const { cache, version, sizes, repeats, progress } = options;
  const before = loadavg()[0] ?? NaN;
  const tools: Readonly<Record<string, Tool>> = {
    'recsample spark': sparkTool(options),
    'Spark with rand()': randTool(options),
    'recsample sample': localTool,
  };
  const rows: string[][] = [];
  for (const positives of sizes) {
    progress(`making ${positives.toLocaleString('en')} positives (once)`);
    const folder = await shopFiles(cache, positives);
    const taken = new Map<string, Taken[]>(Object.keys(tools).map((name) => [name, []]));
    for (let k = 0; k < repeats; k++) {
      const directory = mkdtempSync(path.join(tmpdir(), 'recsample-bench-'));
      try {
        for (const [name, tool] of Object.entries(tools)) {
          progress(`${positives.toLocaleString('en')} positives, ${k + 1} of ${repeats}: ${name}`);
          mkdirSync(path.join(directory, folderOf(name)));
          taken.get(name)?.push(await tool(folder, path.join(directory, folderOf(name))));
        }
        await requireEqual(
          path.join(directory, folderOf('recsample spark'), 'out'),
          path.join(directory, folderOf('recsample sample'), 'out.parquet'),
        );
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    }
    const ofPeer = median((taken.get('Spark with rand()') ?? []).map(({ seconds }) => seconds));
    for (const [name, all] of taken) {
      const seconds = median(all.map((one) => one.seconds));
      const shuffled = median(all.map(({ shuffleBytes }) => shuffleBytes));
      rows.push([
        positives.toLocaleString('en'),
        name,
        seconds.toFixed(1),
        (seconds / ofPeer).toFixed(2),
        figure(median(all.map(({ taskSeconds }) => taskSeconds)), 0),
        figure(median(all.map(({ cpuSeconds }) => cpuSeconds)), 0),
        figure(shuffled / 1e6, 0),
        figure(shuffled / positives / 1e3, 2),
        Math.max(...all.map(({ peakMb }) => peakMb)).toFixed(0),
      ]);
    }
  }
  const head = [
    'positives',
    'tool',
    's',
    'times rand()',
    'task s',
    'CPU s of tasks',
    'shuffle MB',
    'shuffle kB a positive',
    'peak MB',
  ] as const;
  return `Spark ${version}. The rows of the job equal those of the local file.

${markdownTable(
  head,
  head.map((title) => (title === 'tool' ? 'left' : 'right')),
  rows,
)}

Load ${before.toFixed(1)} before, ${(loadavg()[0] ?? NaN).toFixed(1)} after.`;
}

/** Empty for what a tool does not have. */
const figure = (value: number, digits: number): string => (Number.isNaN(value) ? '' : value.toFixed(digits));

/** Spark takes places as URIs. */
const folderOf = (name: string): string => name.replaceAll(/\W+/g, '-');

const localTool: Tool = async (folder, directory) => {
  const out = path.join(directory, 'out.parquet');
  const command = [process.execPath, cli, 'sample', path.join(folder, shopConfig), '--out', out] as const;
  return { ...(await measure('recsample sample', command)), shuffleBytes: NaN, taskSeconds: NaN, cpuSeconds: NaN };
};

function sparkTool(options: SparkBench): Tool {
  return async (folder, directory) => {
    const job = path.join(directory, 'job.py');
    const places = ['--output', path.join(directory, 'out'), '--work', path.join(directory, 'work'), '--out', job];
    await measure('recsample spark', [process.execPath, cli, 'spark', path.join(folder, shopConfig), ...places]);
    return submitted(options, directory, [job]);
  };
}

function randTool(options: SparkBench): Tool {
  const script = path.join(root, 'bench', 'peers', 'sparkRand.py');
  return (folder, directory) => submitted(options, directory, [script, folder, path.join(directory, 'out')]);
}

/** Runs a Python job. What its tasks did is read from the event log. */
async function submitted({ spark }: SparkBench, directory: string, job: readonly string[]): Promise<Taken> {
  const events = path.join(directory, 'events');
  mkdirSync(events);
  const settings = {
    'spark.ui.enabled': 'false',
    'spark.driver.bindAddress': '127.0.0.1',
    'spark.sql.shuffle.partitions': '8',
    'spark.eventLog.enabled': 'true',
    'spark.eventLog.dir': `file://${events}`,
    'spark.eventLog.rolling.enabled': 'false',
    'spark.eventLog.compress': 'false',
  };
  const measured = await measure(
    job[0] ?? '',
    [
      spark.submit,
      ...['--master', 'local[2]', '--driver-memory', '4g'],
      ...Object.entries(settings).flatMap(([name, value]) => ['--conf', `${name}=${value}`]),
      ...job,
    ],
    { cwd: directory, env: spark.env },
  );
  return { ...measured, ...tasksIn(events) };
}

/** The part of an event of Spark that is used. */
interface TaskEnd {
  readonly Event: string;
  readonly 'Task Metrics'?: {
    readonly 'Executor Run Time': number;
    readonly 'Executor CPU Time': number;
    readonly 'Shuffle Write Metrics': { readonly 'Shuffle Bytes Written': number };
  };
}

function tasksIn(folder: string): Pick<Taken, 'shuffleBytes' | 'taskSeconds' | 'cpuSeconds'> {
  const total = { shuffleBytes: 0, taskSeconds: 0, cpuSeconds: 0 };
  for (const name of readdirSync(folder).filter((one) => !one.startsWith('.'))) {
    for (const line of readFileSync(path.join(folder, name), 'utf8').split('\n')) {
      if (!line.includes('"SparkListenerTaskEnd"')) continue;
      const metrics = (JSON.parse(line) as TaskEnd)['Task Metrics'];
      if (metrics === undefined) continue;
      total.shuffleBytes += metrics['Shuffle Write Metrics']['Shuffle Bytes Written'];
      total.taskSeconds += metrics['Executor Run Time'] / 1e3;
      total.cpuSeconds += metrics['Executor CPU Time'] / 1e9;
    }
  }
  return total;
}

async function requireEqual(ours: string, local: string): Promise<void> {
  const [one, other] = await Promise.all([ours, local].map(digestOf));
  if (one !== other) throw new Error(`The rows of the job differ from those of the local file: ${one} and ${other}`);
}

async function digestOf(sample: string): Promise<string> {
  const { said } = await measure('recsample inspect', [process.execPath, cli, 'inspect', sample, '--digest']);
  return /digest ([0-9a-f]+)/.exec(said)?.[1] ?? '';
}
