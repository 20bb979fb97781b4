import { basename, join } from 'node:path';
import { folderLockName, lockEnding } from '../../core/sampling/placement.ts';
import type { SampleOutput } from '../../protocol/sampling.ts';
import type { Work } from '../database/connections.ts';
import { FolderTarget } from './folderTarget.ts';
import { Target } from './target.ts';

/** The place of the samples: a file or a folder, which appears completely or not at all. */
export interface SampleTarget {
  readonly path: string;
  readonly realPath: string;
  /** Unfinished files are only written below this folder. */
  readonly folder: string;
  /**
   * Path of a file while it is written; its folder exists.
   * @param partition name of the folder of its day
   * @param name null if there is only one file
   */
  pathOf(partition: string | null, name: string | null): Promise<string>;
  /** Path of the lock file of a partition, or of all files, while it is written. */
  lockOf(partition: string | null): string;
  /** Replaces the file or the folders. @returns the bytes of the sample files */
  publish(): Promise<number>;
  /** Removes the unfinished files and leaves the target unchanged. */
  discard(): Promise<void>;
}

/** @throws FailureError like `Target.open` and `FolderTarget.open` */
export async function openTarget(
  { path, within, placement }: Pick<SampleOutput, 'path' | 'within' | 'placement'>,
  work: Pick<Work, 'signal'>,
): Promise<SampleTarget> {
  const folder = placement?.folder;
  if (!folder) {
    const lock = basename(path) + lockEnding;
    const target = await Target.open(path, within, [lock], work);
    return targetOf(target, {
      pathOf: () => Promise.resolve(target.file),
      lockOf: () => join(target.folder, lock),
    });
  }
  const target = await FolderTarget.open(path, within, folder.partitionBy?.column ?? null, work);
  return targetOf(target, {
    pathOf: async (partition, name) => await target.pathOf(partition, name ?? ''),
    lockOf: (partition) => join(target.folderOf(partition), folderLockName),
  });
}

/** Checks whether `openTarget` could open the place, but creates nothing. @throws FailureError like `openTarget` */
export async function checkTarget({ path, within, placement }: SampleOutput): Promise<void> {
  if (placement?.folder) await FolderTarget.check(path, within, placement.folder.partitionBy?.column ?? null);
  else await Target.check(path, within, [basename(path) + lockEnding]);
}

function targetOf(target: Target | FolderTarget, own: Pick<SampleTarget, 'pathOf' | 'lockOf'>): SampleTarget {
  const { path, realPath, folder } = target;
  return {
    path,
    realPath,
    folder,
    ...own,
    publish: async () => await target.publish(),
    discard: async () => {
      await target.discard();
    },
  };
}
