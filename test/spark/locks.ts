import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { createEngine } from '../../src/engine/process/engine.ts';
import { recsample, type Outcome } from '../cli/commandLine.ts';

/** Runs a command line on an engine of its own. */
export async function run(directory: string, ...args: readonly string[]): Promise<Outcome> {
  return await recsample(args, {}, { directory, createEngine: () => Promise.resolve(createEngine({ threads: 1 })) });
}

const isLock = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(
  JSON.parse(readFileSync(new URL('../../media/schemas/lock.schema.json', import.meta.url), 'utf8')) as object,
);

/**
 * What the lock files of a local file and of Spark's folder share: everything but the tool, the files and their bytes.
 */
export function comparableLock(file: string): Record<string, unknown> {
  const { generator, output, files, ...lock } = readLockFile(file);
  const { order, shards, bytes, sha256, ...kept } = output as Record<string, unknown>;
  const facts = [generator, files, order, shards, bytes, sha256];
  if (facts.includes(undefined)) throw new Error(`${file} lacks a fact`);
  return { ...lock, output: kept };
}

/** A lock file that fits its schema. */
export function readLockFile(file: string): Record<string, unknown> {
  const lock = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  if (!isLock(lock)) throw new Error(`${file}: ${JSON.stringify(isLock.errors)}`);
  return lock;
}

export const folderLock = (folder: string): string => join(folder, '_recsample.json');
export const fileLock = (file: string): string => `${file}.recsample.json`;

/** The lock files of a sample: by day, or with the only key `''`. */
export function locksOf(sample: string, isFolder: boolean, isByDay: boolean): Map<string, Record<string, unknown>> {
  if (!isByDay) return new Map([['', comparableLock(isFolder ? folderLock(sample) : fileLock(sample))]]);
  const days = readdirSync(sample).filter((name) => existsSync(folderLock(join(sample, name))));
  return new Map(days.sort().map((day) => [day, comparableLock(folderLock(join(sample, day)))]));
}
