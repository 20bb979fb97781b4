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
  heavy: 'the newest 50 clicks, one user with 30 % of the log; the second line is the log of `long`',
  request: 'like `long`, one row for each request with lists of its exposures',
  user: 'like `long`, one row for each user with lists of its exposures, all clicks once, and the slice of each exposure',
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
  readonly layout: SequenceRows['layout'];
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
  const layout = task === 'request' || task === 'user' ? task : 'long';
  const even = await sequenceLog(cache, false);
  const folder = task === 'heavy' ? await sequenceLog(cache, true) : even;
  const impressions: SequenceRows = { unit: 'impression', layout, length };
  const peer = (name: string, ...program: readonly [string, ...string[]]): Tool => ({
    name,
    rows: 'same',
    layout,
    command: (out) => [...program, folder, out, String(length), layout],
  });
  return [
    recsample('', folder, impressions),
    ...(task === 'heavy' ? [{ ...recsample(', the log of `long`', even, impressions), rows: 'other' as const }] : []),
    ...(task === 'long'
      ? [
          recsample(', no histories', folder, { ...impressions, length: 0 }),
          recsample(', unit request', folder, { ...impressions, unit: 'request' }),
          recsample(', unit request, no histories', folder, { ...impressions, unit: 'request', length: 0 }),
        ]
      : []),
    peer('DuckDB SQL', process.execPath, path.join(peersFolder, '.build', 'sequencesSql.mjs')),
    ...(python === null
      ? []
      : ['polars', 'pandas'].map((name) => peer(name, python, path.join(peersFolder, 'sequences.py'), name))),
  ];
}

function recsample(kind: string, folder: string, rows: SequenceRows): Tool {
  const config = sequenceConfig(folder, rows);
  return {
    name: `${product}${kind}`,
    // In the unit request, an exposure of an item that the user clicks elsewhere is no negative.
    rows: rows.length === 0 ? 'plain' : rows.unit === 'impression' ? 'same' : 'other',
    layout: rows.layout,
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

async function run({ name, rows, layout, command }: Tool): Promise<Taken> {
  const directory = mkdtempSync(path.join(tmpdir(), 'recsample-bench-'));
  const out = path.join(directory, 'out.parquet');
  try {
    const measured = await measure(name, command(out));
    return { ...measured, bytes: statSync(out).size, ...(await rowsOf(out, rows, layout)) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** SQL of the exposures of a file, each with its history. */
const exposuresOf: { readonly [L in SequenceRows['layout']]: (file: string) => string } = {
  long: (file) =>
    `SELECT user_id, item_id, request_id, label, clicks__item_id AS items, clicks__ts AS times FROM '${file}'`,
  request: (file) =>
    `SELECT user_id, unnest(item_id) AS item_id, request_id, unnest(label) AS label, clicks__item_id AS items, clicks__ts AS times FROM '${file}'`,
  user: (file) =>
    `SELECT user_id, item_id, request_id, label, list_slice(items, first + 1, last) AS items, list_slice(times, first + 1, last) AS times FROM (
      SELECT user_id, unnest(item_id) AS item_id, unnest(request_id) AS request_id, unnest(label) AS label, clicks__item_id AS items, clicks__ts AS times, unnest(clicks__from) AS first, unnest(clicks__to) AS last FROM '${file}')`,
};

async function rowsOf(
  file: string,
  rows: Tool['rows'],
  layout: Tool['layout'],
): Promise<Pick<Taken, 'steps' | 'digest'>> {
  if (rows === 'plain') return { steps: 0, digest: null };
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const digest = `concat(count(*), ' ', sum(hash(user_id, item_id, request_id, label, items, list_transform(times, lambda x: epoch_us(x)))))`;
    const reader = await connection.runAndReadAll(
      `SELECT sum(len(items)), ${rows === 'same' ? digest : 'NULL'} FROM (${exposuresOf[layout](file)})`,
    );
    const [steps, sum] = reader.getRows()[0] ?? [];
    return { steps: Number(steps), digest: typeof sum === 'string' ? sum : null };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
