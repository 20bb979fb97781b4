import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { measure, median, type Measured } from '../measure.ts';
import { markdownTable } from '../table.ts';
import { sequenceConfig, sequenceLog, type SequenceRows } from './log.ts';

const root = path.resolve(import.meta.dirname, '../..');
const peersFolder = path.join(root, 'bench', 'peers');

const product = 'recsample';

/** Tasks of `npm run bench -- sequences`. */
export const sequenceTasks = {
  long: '2 million exposures, each with the newest 50 clicks before its request; and by polars, DuckDB SQL and pandas',
  length: 'the same with the newest 200 clicks',
  heavy: 'the newest 50 clicks, one user with 30 % of the log; the first line is the log of `long`',
} as const;
export type SequenceTask = keyof typeof sequenceTasks;

export interface SequenceBench {
  /** Cache folder for the logs. */
  readonly cache: string;
  /** Null leaves out the Python peers. */
  readonly python: string | null;
  readonly repeats: number;
  readonly progress: (text: string) => void;
}

/** A program that writes the rows of a log. */
interface Tool {
  readonly name: string;
  /** `same`: those of the other tools. `plain`: rows without histories. */
  readonly rows: 'same' | 'other' | 'plain';
  readonly command: (out: string) => readonly [string, ...string[]];
}
interface Taken extends Measured {
  readonly bytes: number;
  /** The number of steps in all rows. */
  readonly steps: number;
  /** A sum over all rows, in any order; null for other rows. */
  readonly digest: string | null;
}

/**
 * Each repetition of each tool is a new process, and the tools take turns. Reports processor time, seconds and peak
 * memory, as medians.
 * @throws if the rows of two tools differ
 */
export async function benchSequences(task: SequenceTask, bench: SequenceBench): Promise<string> {
  const before = loadavg()[0] ?? NaN;
  bench.progress(`${task}: making the log (once)`);
  const tools = await toolsOf(task, bench);
  const runs = new Map<Tool, Taken[]>(tools.map((tool) => [tool, []]));
  for (let k = 0; k < bench.repeats; k++) {
    for (const [tool, taken] of runs) {
      bench.progress(`${task}, ${k + 1} of ${bench.repeats}: ${tool.name}`);
      taken.push(await run(tool));
    }
  }
  const digests = new Set([...runs.values()].flat().flatMap(({ digest }) => digest ?? []));
  if (digests.size > 1) throw new Error(`${task}: the tools write different rows`);
  const middle = (tool: Tool, value: (taken: Taken) => number): number => median((runs.get(tool) ?? []).map(value));
  const ours = median(
    [...runs].flatMap(([{ rows, name }, taken]) =>
      rows === 'same' && name.startsWith(product) ? taken.map(({ cpuSeconds }) => cpuSeconds) : [],
    ),
  );
  const rows = tools.map((tool) => [
    tool.name,
    middle(tool, ({ cpuSeconds }) => cpuSeconds).toFixed(1),
    (middle(tool, ({ cpuSeconds }) => cpuSeconds) / ours).toFixed(2),
    middle(tool, ({ seconds }) => seconds).toFixed(1),
    middle(tool, ({ peakMb }) => peakMb).toFixed(0),
    (middle(tool, ({ bytes }) => bytes) / 1e6).toFixed(0),
    (middle(tool, ({ steps }) => steps) / 1e6).toFixed(1),
  ]);
  const header = ['tool', 'CPU s', 'times RecSample', 's', 'peak MB', 'file MB', 'million steps'];
  const table = markdownTable(header, ['left', ...header.slice(1).map(() => 'right' as const)], rows);
  return `\`${task}\`\n\n${table}\n\nLoad ${before.toFixed(1)} before, ${(loadavg()[0] ?? NaN).toFixed(1)} after.`;
}

async function toolsOf(task: SequenceTask, { cache, python }: SequenceBench): Promise<readonly Tool[]> {
  const length = task === 'length' ? 200 : 50;
  const even = await sequenceLog(cache, false);
  const folder = task === 'heavy' ? await sequenceLog(cache, true) : even;
  const impressions: SequenceRows = { unit: 'impression', layout: 'long', length };
  const peers = (['polars', 'pandas'] as const).map((peer) => ({
    name: peer,
    rows: 'same' as const,
    command: (out: string) =>
      [python ?? '', path.join(peersFolder, 'sequences.py'), peer, folder, out, String(length)] as const,
  }));
  return [
    recsample('', folder, impressions),
    ...(task === 'heavy'
      ? [{ ...recsample(', the log of `long`', even, impressions), rows: 'other' as const }]
      : [
          recsample(', no histories', folder, { ...impressions, length: 0 }),
          recsample(', unit request', folder, { ...impressions, unit: 'request' }),
          recsample(', unit request, no histories', folder, { ...impressions, unit: 'request', length: 0 }),
        ]),
    {
      name: 'DuckDB SQL',
      rows: 'same' as const,
      command: (out: string) => [
        process.execPath,
        path.join(peersFolder, '.build', 'sequencesSql.mjs'),
        folder,
        out,
        String(length),
      ],
    },
    ...(python === null ? [] : peers),
  ];
}

function recsample(kind: string, folder: string, rows: SequenceRows): Tool {
  const config = sequenceConfig(folder, rows);
  return {
    name: `${product}${kind}`,
    // In the unit request, an exposure of an item that the user clicks elsewhere is no negative.
    rows: rows.length === 0 ? 'plain' : rows.unit === 'impression' ? 'same' : 'other',
    command: (out) => [
      process.execPath,
      path.join(root, 'dist', 'cli.cjs'),
      'sample',
      config,
      '--out',
      out,
      '--threads',
      '2',
    ],
  };
}

async function run({ name, rows, command }: Tool): Promise<Taken> {
  const directory = mkdtempSync(path.join(tmpdir(), 'recsample-bench-'));
  const out = path.join(directory, 'out.parquet');
  try {
    const measured = await measure(name, command(out));
    return { ...measured, bytes: statSync(out).size, ...(await rowsOf(out, rows)) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function rowsOf(file: string, rows: Tool['rows']): Promise<Pick<Taken, 'steps' | 'digest'>> {
  if (rows === 'plain') return { steps: 0, digest: null };
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const digest = `concat(count(*), ' ', sum(hash(user_id, item_id, request_id, label, clicks__item_id, list_transform(clicks__ts, lambda x: epoch_us(x)))))`;
    const reader = await connection.runAndReadAll(
      `SELECT sum(len(clicks__item_id)), ${rows === 'same' ? digest : 'NULL'} FROM '${file}'`,
    );
    const [steps, sum] = reader.getRows()[0] ?? [];
    return { steps: Number(steps), digest: typeof sum === 'string' ? sum : null };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
