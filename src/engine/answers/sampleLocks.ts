import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { folderLockName } from '../../core/sampling/placement.ts';
import { readLock } from '../../core/sampling/lock/readLock.ts';
import { lockEnding, type SampleLock } from '../../core/sampling/lock/sampleLock.ts';
import type { DatasetRef } from '../../protocol/datasetRef.ts';
import { Fence } from '../files/fence.ts';
import type { Tables } from './tables.ts';

/** A lock file for the maximum number of files in a data set has a few hundred megabytes at most. */
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * The lock files of the files of a sample, each once. Null if a file has none, or if its size is no longer the recorded
 * one: then what they record says nothing about the rows.
 */
export async function sampleLocks(tables: Tables, ref: DatasetRef): Promise<readonly SampleLock[] | null> {
  const fence = ref.within === undefined ? null : await Fence.around(ref.within);
  const locks = new Map<string, SampleLock>();
  for (const { path: file, bytes } of tables.fileSet(ref).files) {
    const folder = dirname(file);
    const [own, shared] = [file + lockEnding, join(folder, folderLockName)];
    const path = (await isReadable(own, fence)) ? own : (await isReadable(shared, fence)) ? shared : null;
    const lock = path === null ? null : (locks.get(path) ?? (await lockAt(path)));
    if (path === null || lock === null) return null;
    locks.set(path, lock);
    const recorded = path === own ? lock.output : lock.files?.find((one) => join(folder, one.path) === file);
    if (recorded?.bytes !== bytes) return null;
  }
  return locks.size === 0 ? null : [...locks.values()];
}

async function lockAt(path: string): Promise<SampleLock | null> {
  try {
    return readLock(await readFile(path, 'utf8'), path);
  } catch {
    // Another file of that name, or one of a newer version.
    return null;
  }
}

/** Whether it is a file of usual size that the lint may read. */
async function isReadable(path: string, fence: Fence | null): Promise<boolean> {
  if (fence !== null && (await fence.leadsOut(path))) return false;
  return await stat(path).then(
    (info) => info.isFile() && info.size <= MAX_BYTES,
    () => false,
  );
}
