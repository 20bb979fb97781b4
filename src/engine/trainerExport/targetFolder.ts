import { lstat, mkdir, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { Work } from '../database/connections.ts';
import { removeCreatedFolders } from '../files/createdFolders.ts';
import { syncFile, syncFolder } from '../files/durable.ts';
import { readRegular } from '../files/namedPath.ts';
import { recoverUnfinished, replacedName, unfinishedPath } from '../files/unfinished.ts';
import { folderStatus } from '../write/target.ts';

/** The file of a trainer export that lists its content. */
export const manifestName = 'handover.json';
const elsewhere = message('Write to a new or an empty folder.');

/**
 * A folder that appears completely or not at all. It is written inside another folder next to the target, and moved
 * into place at the end.
 */
export class TargetFolder {
  /** The folder in which the files are written. */
  readonly made: string;
  /** For temporary files only. */
  readonly scratch: string;

  private constructor(
    readonly path: string,
    readonly realPath: string,
    readonly unfinished: string,
    private readonly created: string | undefined,
  ) {
    this.made = join(unfinished, 'made');
    this.scratch = join(unfinished, 'scratch');
  }

  /**
   * @param path absolute
   * @throws FailureError if the path is not a folder, or is a folder with files that no trainer export wrote; also for
   * errors of the system
   */
  static async open(path: string, work: Pick<Work, 'signal'>): Promise<TargetFolder> {
    const there = await folderStatus(path);
    if (there !== undefined && !there.isDirectory())
      throw fail('bad-request', message('This is not a folder, so it is not replaced'), {
        place: { path },
        advice: elsewhere,
      });
    if (there !== undefined) await refuseForeign(path);
    const parent = dirname(path);
    const created = await mkdir(parent, { recursive: true });
    await recoverUnfinished(parent, work);
    const target = new TargetFolder(
      path,
      join(await realpath(parent), basename(path)),
      unfinishedPath(parent),
      created,
    );
    try {
      // Only an existing folder can report which names are too long.
      await folderStatus(path);
      for (const folder of [target.unfinished, target.made, target.scratch]) await mkdir(folder);
    } catch (error) {
      await target.discard();
      throw error;
    }
    return target;
  }

  /**
   * Moves the folder into place. A previous folder is kept until then. All files are flushed to the disk before.
   * @returns the bytes of its files
   */
  async publish(): Promise<number> {
    let bytes = 0;
    for (const name of await readdir(this.made)) {
      bytes += (await stat(join(this.made, name))).size;
      await syncFile(join(this.made, name));
    }
    const old = join(this.unfinished, replacedName, basename(this.path));
    await mkdir(dirname(old));
    const stood = await lstat(this.path).then(
      () => true,
      () => false,
    );
    if (stood) await rename(this.path, old);
    try {
      await rename(this.made, this.path);
    } catch (error) {
      if (stood) await rename(old, this.path);
      throw error;
    }
    // The new folder is in place. Later failures do not concern it.
    await syncFolder(dirname(this.path));
    await rm(this.unfinished, { recursive: true, force: true }).catch(() => undefined);
    return bytes;
  }

  /** Removes the unfinished folder and leaves the target unchanged. */
  async discard(): Promise<void> {
    await rm(this.unfinished, { recursive: true, force: true });
    await removeCreatedFolders(this.path, this.created);
  }
}

/** Only a folder that is empty, or that contains only files of a trainer export, may be replaced. */
async function refuseForeign(path: string): Promise<void> {
  const names = await readdir(path);
  if (names.length === 0) return;
  const known = new Set([manifestName, ...(await namedFiles(join(path, manifestName)))]);
  const foreign = known.size === 1 ? names[0] : names.find((name) => !known.has(name));
  if (foreign !== undefined)
    throw fail('bad-request', message('The folder contains {0}, which was not written by a handover', foreign), {
      place: { path },
      advice: elsewhere,
    });
}

/** The files that a manifest lists; an empty list if it is not a manifest. */
async function namedFiles(path: string): Promise<readonly string[]> {
  try {
    const { files } = JSON.parse(await readRegular(path)) as { readonly files?: unknown };
    return typeof files === 'object' && files !== null ? Object.keys(files) : [];
  } catch {
    return [];
  }
}
