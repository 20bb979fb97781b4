import { loadavg } from 'node:os';
import path from 'node:path';
import { median, type Measured } from '../measure.ts';
import { shopFiles } from '../sample/files/shopFiles.ts';
import { markdownTable } from '../table.ts';
import type { TaskFigures } from './submit.ts';
import { inFolders, localSample, randJob, requireEqual, sparkJob, type SparkBench } from './tools.ts';

/** Numbers of positives by task. */
export const sparkSizes = { '100k': 100_000, '1m': 1_000_000, '3m': 3_000_000 } as const;
export const sparkTasks: Readonly<Record<keyof typeof sparkSizes | 'skew' | 'alias', string>> = {
  '100k': 'the job of 100,000 positives; a job with rand() and the local file beside it',
  '1m': 'the same for a million positives',
  '3m': 'the same for three million positives',
  skew: 'a user with a tenth of the positives, an item with three tenths of the impressions',
  alias: 'pools of 5, 10, 20 and 50 million items',
};

interface Taken extends Measured, Omit<TaskFigures, 'cpuSecondsOf' | 'largest'> {}

/** Makes one run. `directory`: empty, its own. */
type Tool = (folder: string, directory: string, settings: Readonly<Record<string, string>>) => Promise<Taken>;

const ours = 'recsample spark';
const local = 'recsample sample';

/**
 * The job of `recsample spark`, a job with `rand()`, and `recsample sample`, in turns, each in a process of its own on
 * two cores. Seconds are from the start of the process to its end.
 * @throws Error if the rows of the job and of the local file differ
 */
export async function benchSpark(options: SparkBench): Promise<string> {
  const { cache, version, sizes, repeats, progress } = options;
  const before = loadavg()[0] ?? NaN;
  const tools: Readonly<Record<string, Tool>> = {
    [ours]: (folder, directory, settings) => sparkJob(folder, directory, { ...options, settings }),
    'Spark with rand()': (folder, directory, settings) => randJob(folder, directory, { ...options, settings }),
    [local]: async (folder, directory) => ({
      ...(await localSample(folder, directory)),
      ...{ shuffleBytes: NaN, taskSeconds: NaN, cpuSeconds: NaN, gcSeconds: NaN },
    }),
  };
  const rows: string[][] = [];
  for (const positives of sizes) {
    progress(`making ${positives.toLocaleString('en')} positives (once)`);
    const folder = await shopFiles(cache, positives);
    const settings = { 'spark.sql.shuffle.partitions': String(partitionsOf(positives)) };
    const measurements = new Map<string, Taken[]>(Object.keys(tools).map((name) => [name, []]));
    for (let k = 0; k < repeats; k++)
      await inFolders(Object.keys(tools), async (folderOf) => {
        for (const [name, tool] of Object.entries(tools)) {
          progress(`${positives.toLocaleString('en')} positives, ${k + 1} of ${repeats}: ${name}`);
          measurements.get(name)?.push(await tool(folder, folderOf(name), settings));
        }
        await requireEqual(path.join(folderOf(ours), 'out'), path.join(folderOf(local), 'out.parquet'));
      });
    const ofPeer = median((measurements.get('Spark with rand()') ?? []).map(({ seconds }) => seconds));
    for (const [name, all] of measurements) {
      const seconds = median(all.map((one) => one.seconds));
      const shuffled = median(all.map(({ shuffleBytes }) => shuffleBytes));
      rows.push([
        positives.toLocaleString('en'),
        name,
        seconds.toFixed(1),
        (seconds / ofPeer).toFixed(2),
        figure(median(all.map(({ taskSeconds }) => taskSeconds)), 0),
        figure(median(all.map(({ cpuSeconds }) => cpuSeconds)), 0),
        figure(median(all.map(({ gcSeconds }) => gcSeconds)), 0),
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
    'GC s',
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

/** With them, a partition of either job has at most 100 MB. */
const partitionsOf = (positives: number): number => Math.max(8, Math.ceil((positives / 1_000_000) * 8));

/** Empty for what a tool does not have. */
const figure = (value: number, digits: number): string => (Number.isNaN(value) ? '' : value.toFixed(digits));
