import assert from 'node:assert/strict';
import { join } from 'node:path';
import { generateScript } from '../../src/core/spark/generate.ts';
import type { Script } from '../../src/core/spark/script.ts';
import type { SparkJob } from '../../src/core/spark/sparkJob.ts';
import { Dice } from '../sampling/dice.ts';
import { overridesOf } from '../sampling/sampled.ts';
import { exactJson, type World } from '../sampling/world.ts';
import type { Format, WorldFiles } from '../sampling/worldFiles.ts';
import { answersOf, writeResult } from './duckdbDialect.ts';
import { describe, placedRows } from './fileRows.ts';
import { locksOf, run } from './locks.ts';
import { columnsOf, comparable, difference, jobAndFile, queryRows } from './sparkJob.ts';

/** Files that Spark reads. */
const formats = ['parquet', 'parquet', 'csv', 'jsonl'] as const;

const drawLocally = async (
  files: WorldFiles,
  world: World,
  directory: string,
  users: readonly string[] | null = null,
  onlyFormat?: Format,
): ReturnType<typeof jobAndFile> => {
  const dice = new Dice(`${world.name} on Spark`);
  const config = await files.write(world, directory, onlyFormat ?? dice.pick(formats), dice);
  return await jobAndFile(config, world.stage, overridesOf(world), users);
};

/**
 * How the rows of the script of a world and of the local file differ; null if they agree. With the rows of another
 * query over the steps of the script.
 */
export async function compareRows(
  files: WorldFiles,
  world: World,
  directory: string,
  query: (script: Script) => string,
): Promise<{ readonly found: string | null; readonly answer: readonly string[] }> {
  const { job, file } = await drawLocally(files, world, directory);
  const columns = await columnsOf(file);
  const expected = await queryRows(comparable(columns, `read_parquet('${file}')`));
  const script = generateScript(job);
  const queries = [comparable(columns, 'result'), query(script)];
  const [ours = [], answer = []] = await answersOf(script, job.plan.timezone, queries);
  return { found: difference(ours, expected), answer };
}

/** What a compared world has. */
export interface ComparedWorld {
  readonly rows: number;
  readonly layout: SparkJob['layout'];
  readonly isByDay: boolean;
  /** Parts of its lock files that few worlds have. */
  readonly lockParts: readonly string[];
}

/**
 * Runs the script of a world once, and compares everything with the local file: rows with their types, order, shards
 * and days, and the lock files.
 * @param users with rows in the job; null: all
 * @param format of the files; undefined: a random one
 */
export async function compareWorld(
  files: WorldFiles,
  { world, users }: { readonly world: World; readonly users: readonly string[] | null },
  directory: string,
  { format, recomputesViews = false }: { readonly format?: Format; readonly recomputesViews?: boolean } = {},
): Promise<ComparedWorld> {
  const about = `${world.name}: ${exactJson({ config: world.config, stage: world.stage, split: world.split, users })}`;
  const { job, facts, file, summary } = await drawLocally(files, world, directory, users, format);
  const { order, folder } = job.placement;
  const isByDay = (folder?.partitionBy ?? null) !== null;
  const isSharded = folder !== null && folder.shards > 1;
  // Only days with rows have a folder.
  const isEmpty = isByDay && summary.rows === 0;
  const read = `read_parquet('${folder === null ? file : `${file}/**/*.parquet`}', hive_partitioning = true, hive_types_autocast = false, filename = true, file_row_number = true)`;
  const columns = isEmpty
    ? []
    : (await describe(read)).filter(([name]) => name !== 'filename' && name !== 'file_row_number');
  const isOrdered = order !== 'user' || folder !== null;
  const shards = [...(isByDay ? ['day'] : []), 'shard'].join(', ');
  const queries = isEmpty
    ? ['SELECT 1 FROM result']
    : [
        placedRows(columns, 'result', isOrdered ? 'rowid' : null),
        'SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM result)',
        ...(isSharded ? [`SELECT CAST(count(*) AS INT) FROM placed_rows GROUP BY ${shards} ORDER BY ${shards}`] : []),
      ];
  const output = join(directory, 'spark');
  const script = generateScript(job, [], facts);
  const answers = await writeResult(script, job.plan.timezone, output, queries, { recomputesViews });
  const [ours = [], types = [], placed = []] = answers;
  const expected = isEmpty
    ? []
    : await queryRows(placedRows(columns, read, isOrdered ? 'filename, file_row_number' : null));
  assert.equal(difference(ours, expected), null, about);
  assert.deepEqual(
    types,
    columns.map((column) => JSON.stringify(column)),
    about,
  );
  if (isSharded && !isEmpty) assert.deepEqual(placed, await shardSizes(read), about);
  const { code, err } = await run(directory, 'lock', output);
  if (isEmpty) assert.equal(code, 2, about);
  else assert.equal(code, 0, `${err}\n${about}`);
  const lockParts = isEmpty ? [] : compareLocks(job, file, output, about);
  return { rows: expected.length, layout: job.layout, isByDay: isByDay && !isEmpty, lockParts };
}

/** Rows of each file of a folder. */
async function shardSizes(read: string): Promise<string[]> {
  const counted = await queryRows(
    `SELECT regexp_extract(filename, '[^/]*/part-[0-9]+') AS file, CAST(count(*) AS INT) FROM ${read} GROUP BY file ORDER BY file`,
  );
  return counted.map((row) => JSON.stringify([(JSON.parse(row) as unknown[])[1]]));
}

/** Compares the lock files of Spark's folder and of the local file. Returns the parts that few worlds have. */
function compareLocks({ inputs, placement }: SparkJob, file: string, output: string, about: string): string[] {
  const isByDay = (placement.folder?.partitionBy ?? null) !== null;
  const tables = [...Object.entries(inputs.tables), ...inputs.clicks.map((one) => [one.name, one.table] as const)];
  // The local run reads only the folders of its days.
  const byDay = tables.flatMap(([name, { days }]) => (days === undefined ? [] : [name]));
  const parts: string[] = [];
  const local = [...locksOf(file, placement.folder !== null, isByDay)].map(([day, lock]) => {
    const data = Object.entries(lock['data'] as Record<string, { readonly path: string }>).map(
      ([name, set]) => [name, byDay.includes(name) ? { path: set.path } : set] as const,
    );
    for (const part of ['event_counts', 'history_counts', 'sequence_counts'])
      if (lock[part] !== undefined) parts.push(part);
    return [day, { ...lock, data: Object.fromEntries(data) }] as const;
  });
  assert.deepEqual(locksOf(output, true, isByDay), new Map(local), about);
  return parts;
}
