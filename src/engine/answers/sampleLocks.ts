import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { folderLockName, lockEnding } from '../../core/sampling/placement.ts';
import { readLock } from '../../core/sampling/lock/lockFile.ts';
import type { SampleLock } from '../../core/sampling/lock/sampleLock.ts';
import type { DatasetRef } from '../../protocol/datasetRef.ts';
import { Fence } from '../files/fence.ts';
import { readRegular } from '../files/namedPath.ts';
import type { Tables } from '../tables/tables.ts';

/**
 * The lock files of the files of a sample, each once; for a link without one, that of its target. Null if a file has
 * none, or if its size is no longer the recorded one: then what they record says nothing about the rows.
 */
export async function sampleLocks(tables: Tables, ref: DatasetRef): Promise<readonly SampleLock[] | null> {
  const fence = ref.within === undefined ? null : await Fence.around(ref.within);
  const locks = new Map<string, SampleLock>();
  for (const { path: file, realPath, bytes } of tables.fileSet(ref).files) {
    const found = (await lockPlace(file, fence)) ?? (await lockPlace(realPath, fence));
    const lock = found === null ? null : (locks.get(found.lock) ?? (await lockAt(found.lock)));
    if (found === null || lock === null) return null;
    locks.set(found.lock, lock);
    const folder = dirname(found.file);
    const recorded = found.isOwn ? lock.output : lock.files?.find((one) => join(folder, one.path) === found.file);
    if (recorded?.bytes !== bytes) return null;
  }
  return locks.size === 0 ? null : [...locks.values()];
}

/** The lock file of a file: its own, or that of its folder. `file` is the path by which the lock file was found. */
interface LockPlace {
  readonly file: string;
  readonly lock: string;
  readonly isOwn: boolean;
}

async function lockPlace(file: string, fence: Fence | null): Promise<LockPlace | null> {
  const [own, shared] = [file + lockEnding, join(dirname(file), folderLockName)];
  if (await isReadable(own, fence)) return { file, lock: own, isOwn: true };
  return (await isReadable(shared, fence)) ? { file, lock: shared, isOwn: false } : null;
}

async function lockAt(path: string): Promise<SampleLock | null> {
  try {
    return readLock(await readRegular(path), path);
  } catch {
    // Another file of that name, or one of a newer version.
    return null;
  }
}

/** Whether it is a file that the lint may read. */
async function isReadable(path: string, fence: Fence | null): Promise<boolean> {
  if (fence !== null && (await fence.leadsOut(path))) return false;
  return await stat(path).then(
    (info) => info.isFile(),
    () => false,
  );
}
