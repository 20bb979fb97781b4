import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { measure, median } from '../../measure.ts';
import { markdownTable } from '../../table.ts';
import { optionConfigs, shopConfig, shopFiles } from './shopFiles.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const peersFolder = path.join(root, 'bench', 'peers');
const MILLION = 1_000_000;

/** Tasks about whole files, from Parquet to Parquet. */
export const fileTasks = {
  file: 'a whole file of a million positives, from Parquet to Parquet; and the same job in DuckDB SQL and in polars',
  growth: 'whole files of 100 k, 1 M and 10 M positives',
  options: 'a whole file of a million positives: plain, with counts of 20 days, with an as-of column, and shuffled',
} as const;
export type FileTask = keyof typeof fileTasks;

export interface FileBench {
  /** Cache folder for the shops. */
  readonly cache: string;
  /** Null leaves out the Python peers. */
  readonly python: string | null;
  /** Repetitions up to a million positives; larger files are made once. */
  readonly repeats: number;
  /** Maximum number of positives; `growth` ends there. */
  readonly largest: number;
  readonly progress: (text: string) => void;
}

interface Tool {
  readonly name: string;
  readonly command: (folder: string, out: string) => readonly [string, ...string[]];
}
interface Taken {
  readonly seconds: number;
  readonly peakMb: number;
  readonly bytes: number;
  /** The last line that a peer prints. */
  readonly note: string;
}

const recsample = (threads: number, config: string = shopConfig, option = ''): Tool => ({
  name: `recsample, ${threads} thread${threads === 1 ? '' : 's'}${option === '' ? '' : `, ${option}`}`,
  command: (folder, out) => [
    process.execPath,
    path.join(root, 'dist', 'cli.cjs'),
    'sample',
    path.join(folder, config),
    '--out',
    out,
    '--threads',
    String(threads),
  ],
});
const sql: Tool = {
  name: 'DuckDB SQL',
  command: (folder, out) => [process.execPath, path.join(peersFolder, '.build', 'sampleSql.mjs'), folder, out],
};
const polars = (python: string): Tool => ({
  name: 'polars and numpy',
  command: (folder, out) => [python, path.join(peersFolder, 'sample.py'), folder, out],
});

/**
 * Every repetition runs in its own process, and the tools alternate. Reports seconds from start to end and peak
 * resident memory, as medians.
 */
export async function benchFiles(
  task: FileTask,
  { cache, python, repeats: most, largest, progress }: FileBench,
): Promise<string> {
  const before = loadavg()[0] ?? NaN;
  const sizes =
    task !== 'growth' ? [MILLION] : [MILLION / 10, MILLION, 10 * MILLION].filter((positives) => positives <= largest);
  const tools = {
    file: [recsample(1), recsample(2), sql, ...(python === null ? [] : [polars(python)])],
    growth: [recsample(2)],
    options: [recsample(2), ...Object.entries(optionConfigs).map(([option, { file }]) => recsample(2, file, option))],
  }[task];
  const rows: string[][] = [];
  for (const positives of sizes) {
    progress(`${task}: making ${positives.toLocaleString('en')} positives (once)`);
    const folder = await shopFiles(cache, positives);
    const repeats = positives > MILLION ? 1 : most;
    const times = new Map<Tool, Taken[]>(tools.map((tool) => [tool, []]));
    for (let k = 0; k < repeats; k++) {
      for (const [tool, all] of times) {
        progress(`${task}, ${positives.toLocaleString('en')} positives, ${k + 1} of ${repeats}: ${tool.name}`);
        all.push(await measureTool(tool, folder));
      }
    }
    const ourSeconds = median((times.get(tools[task === 'file' ? 1 : 0] ?? sql) ?? []).map(({ seconds }) => seconds));
    for (const [tool, all] of times) {
      const seconds = median(all.map((one) => one.seconds));
      rows.push([
        positives.toLocaleString('en'),
        tool.name,
        seconds.toFixed(1),
        (seconds / ourSeconds).toFixed(2),
        Math.max(...all.map(({ peakMb }) => peakMb)).toFixed(0),
        (median(all.map(({ bytes }) => bytes)) / 1e6).toFixed(0),
        all[0]?.note ?? '',
      ]);
    }
  }
  return `${markdownTable(['positives', 'tool', 's', 'times recsample, 2 threads', 'peak MB', 'file MB', 'note'], ['right', 'left', 'right', 'right', 'right', 'right', 'left'], rows)}\n\nLoad ${before.toFixed(1)} before, ${(loadavg()[0] ?? NaN).toFixed(1)} after.`;
}

async function measureTool(tool: Tool, folder: string): Promise<Taken> {
  const directory = mkdtempSync(path.join(tmpdir(), 'recsample-bench-'));
  const out = path.join(directory, 'out.parquet');
  try {
    const { said, ...measured } = await measure(tool.name, tool.command(folder, out));
    return { ...measured, bytes: statSync(out).size, note: tool.name.startsWith('recsample') ? '' : said.trim() };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
