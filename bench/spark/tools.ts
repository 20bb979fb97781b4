import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { measure, type Measured } from '../measure.ts';
import { shopConfig } from '../sample/files/shopFiles.ts';
import { submitted, type SparkPrograms, type TaskFigures } from './submit.ts';

const root = path.resolve(import.meta.dirname, '../..');
const cli = path.join(root, 'dist', 'cli.cjs');

export interface SparkBench {
  /** Cache folder for the shops. */
  readonly cache: string;
  readonly version: string;
  readonly spark: SparkPrograms;
  readonly sizes: readonly number[];
  readonly repeats: number;
  readonly progress: (text: string) => void;
}

/** Where and with what a job runs. */
export interface SparkRun {
  readonly spark: SparkPrograms;
  /** Settings of Spark. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Changes the text of the job. */
  readonly edit?: (text: string) => string;
}

/** The job of `recsample spark` for the config of a shop: `out` in the directory. */
export async function sparkJob(
  folder: string,
  directory: string,
  { spark, settings = {}, edit }: SparkRun,
): Promise<Measured & TaskFigures> {
  const job = path.join(directory, 'job.py');
  const places = ['--output', path.join(directory, 'out'), '--work', path.join(directory, 'work'), '--out', job];
  await measure('recsample spark', [process.execPath, cli, 'spark', path.join(folder, shopConfig), ...places]);
  if (edit) writeFileSync(job, edit(readFileSync(job, 'utf8')));
  return await submitted(spark, directory, [job], settings);
}

/** The job that one writes by hand. */
export async function randJob(
  folder: string,
  directory: string,
  { spark, settings = {} }: SparkRun,
): Promise<Measured & TaskFigures> {
  const script = path.join(root, 'bench', 'peers', 'sparkRand.py');
  return await submitted(spark, directory, [script, folder, path.join(directory, 'out')], settings);
}

/** The file of `recsample sample`: `out.parquet` in the directory. */
export async function localSample(folder: string, directory: string): Promise<Measured> {
  const out = path.join(directory, 'out.parquet');
  return await measure('recsample sample', [
    ...([process.execPath, cli] as const),
    ...['sample', path.join(folder, shopConfig), '--out', out],
  ]);
}

/** Uses a folder for each name in a temporary folder. Spark takes places as URIs. */
export async function inFolders<T>(
  names: readonly string[],
  use: (folderOf: (name: string) => string) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(path.join(tmpdir(), 'recsample-bench-'));
  const folderOf = (name: string): string => path.join(directory, name.replaceAll(/\W+/g, '-'));
  try {
    for (const name of names) mkdirSync(folderOf(name));
    return await use(folderOf);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** @throws Error if the rows of two folders or files differ */
export async function requireEqual(ours: string, local: string): Promise<void> {
  const [ourDigest, localDigest] = await Promise.all([ours, local].map(digestOf));
  if (ourDigest !== localDigest)
    throw new Error(`The rows of the job differ from those of the local file: ${ourDigest} and ${localDigest}`);
}

async function digestOf(sample: string): Promise<string> {
  const { said } = await measure('recsample inspect', [process.execPath, cli, 'inspect', sample, '--digest']);
  return /digest ([0-9a-f]+)/.exec(said)?.[1] ?? '';
}
