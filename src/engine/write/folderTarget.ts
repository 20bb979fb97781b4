import { mkdir, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { refuse } from '../../core/message/failure.ts';
import { message, type Message } from '../../core/message/message.ts';
import { folderLockName } from '../../core/sampling/placement.ts';
import { isSampleName } from '../../core/table/sampleName.ts';
import type { Work } from '../database/connections.ts';
import { removeCreatedFolders } from '../files/createdFolders.ts';
import { syncFile, syncFolder } from '../files/durable.ts';
import { readRegular } from '../files/namedPath.ts';
import { readyName, recoverUnfinished, replacedName, unfinishedPath } from '../files/unfinished.ts';
import { checkWithin, folderStatus } from './target.ts';

const elsewhere = message('Write to a new or an empty folder.');

/**
 * A folder of sample files, or folders of days inside it, that appear completely or not at all. They are written in an
 * unfinished folder next to their places. When all are complete, that folder becomes ready, and they are moved. If a
 * kill interrupts the moves, `recoverUnfinished` completes them.
 */
export class FolderTarget {
  readonly #made: string;

  private constructor(
    readonly path: string,
    readonly realPath: string,
    /** Unfinished files are only written below this folder. */
    readonly folder: string,
    private readonly partitionColumn: string | null,
    private readonly created: string | undefined,
  ) {
    this.#made = join(folder, 'made');
  }

  /**
   * @param path absolute
   * @param within the folder that it must not leave; null: anywhere
   * @param partitionColumn null: the files are directly in the folder
   * @throws FailureError if the path is not a folder, or is one with files that no such run wrote; also for errors of
   * the system
   */
  static async open(
    path: string,
    within: string | null,
    partitionColumn: string | null,
    work: Pick<Work, 'signal'>,
  ): Promise<FolderTarget> {
    await checkWithin(path, within, elsewhere);
    const parent = partitionColumn === null ? dirname(path) : path;
    await refuseFile(path);
    const created = await mkdir(parent, { recursive: true });
    const folder = unfinishedPath(parent);
    try {
      for (const place of [dirname(path), path]) await recoverUnfinished(place, work);
      await refuseOthers(path, partitionColumn);
      const target = new FolderTarget(
        path,
        join(await realpath(dirname(path)), basename(path)),
        folder,
        partitionColumn,
        created,
      );
      // Only an existing folder can report which names are too long.
      await folderStatus(path);
      await mkdir(folder);
      await mkdir(target.#made);
      // An empty partitioned sample has no folder.
      if (partitionColumn === null) await mkdir(join(target.#made, basename(path)));
      return target;
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      await removeCreatedFolders(join(parent, 'file'), created);
      throw error;
    }
  }

  /** Checks what `open` checks, but creates and recovers nothing. */
  static async check(path: string, within: string | null, partitionColumn: string | null): Promise<void> {
    await checkWithin(path, within, elsewhere);
    await refuseFile(path);
    await refuseOthers(path, partitionColumn);
  }

  /** Path of a file while it is written; its folder exists. `partition`: the name of its folder. */
  async pathOf(partition: string | null, name: string): Promise<string> {
    const folder = this.folderOf(partition);
    await mkdir(folder, { recursive: true });
    return join(folder, name);
  }

  /** The folder of the files of a partition, or of all files, while they are written. */
  folderOf(partition: string | null): string {
    return join(this.#made, partition ?? basename(this.path));
  }

  /**
   * Moves all folders into place. Previous folders of the same names are kept until then; the other folders of days
   * stay. All files are flushed to the disk before.
   * @returns the bytes of the new sample files
   */
  async publish(): Promise<number> {
    const parent = this.partitionColumn === null ? dirname(this.path) : this.path;
    const names = (await readdir(this.#made)).sort();
    let bytes = 0;
    for (const name of names) {
      bytes += await syncedBytes(join(this.#made, name));
      if (this.partitionColumn !== null) await refuseFile(join(parent, name));
      await refuseForeign(join(parent, name));
    }
    const replaced = join(this.folder, replacedName);
    await mkdir(replaced);
    await syncFolder(this.#made);
    const ready = join(this.folder, readyName);
    const back: (() => Promise<void>)[] = [];
    try {
      // From here on, a killed run is completed by the next one.
      await rename(this.#made, ready);
      back.unshift(() => rename(ready, this.#made));
      await syncFolder(this.folder);
      for (const name of names) {
        const [fresh, place, aside] = [join(ready, name), join(parent, name), join(replaced, name)];
        if ((await folderStatus(place)) !== undefined) {
          await rename(place, aside);
          back.unshift(() => rename(aside, place));
        }
        await rename(fresh, place);
        back.unshift(() => rename(place, fresh));
      }
    } catch (error) {
      for (const undo of back) await undo().catch(() => undefined);
      throw error;
    }
    // The new folders are in place. Later failures do not concern them.
    await syncFolder(parent);
    await rm(this.folder, { recursive: true, force: true }).catch(() => undefined);
    return bytes;
  }

  /** Removes the unfinished files and leaves the target unchanged. */
  async discard(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    await removeCreatedFolders(join(dirname(this.folder), 'file'), this.created);
  }
}

/** Flushes the files of a folder. @returns the bytes of its sample files */
async function syncedBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(folder)) {
    if (name !== folderLockName) bytes += (await stat(join(folder, name))).size;
    await syncFile(join(folder, name));
  }
  await syncFolder(folder);
  return bytes;
}

/** @throws FailureError if something other than a folder has the path */
async function refuseFile(path: string): Promise<void> {
  const there = await folderStatus(path);
  if (there !== undefined && !there.isDirectory())
    throw refused(path, message('This is not a folder, so it is not replaced'));
}

async function refuseOthers(path: string, partitionColumn: string | null): Promise<void> {
  if (partitionColumn === null) await refuseForeign(path);
  else await refuseMixture(path, partitionColumn);
}

/** @throws FailureError if there is a folder with a file that its lock file does not list */
async function refuseForeign(path: string): Promise<void> {
  const names = await namesIn(path);
  if (names.length === 0) return;
  const known = new Set([folderLockName, ...(await lockedFiles(join(path, folderLockName)))]);
  const foreign = known.size === 1 ? names[0] : names.find((name) => !known.has(name));
  if (foreign !== undefined)
    throw refused(path, message('The folder contains {0}, which recsample sample did not write', foreign));
}

/** @throws FailureError if readers of the folder would mix the new partitions with other files */
async function refuseMixture(path: string, column: string): Promise<void> {
  for (const name of await namesIn(path)) {
    if (name === folderLockName || (isSampleName(name) && !/^[._]/.test(name)))
      throw refused(path, message('The folder contains {0}, which belongs to no partition', name));
    const [, other] = /^([^._][^=]*)=/.exec(name) ?? [];
    if (other !== undefined && other !== column)
      throw refused(path, message('The folder is partitioned by {0}, not by {1}', other, column));
  }
}

/** The files that a lock file lists; an empty list if it is not one. */
async function lockedFiles(path: string): Promise<readonly string[]> {
  try {
    const { files } = JSON.parse(await readRegular(path)) as { readonly files?: unknown };
    return Array.isArray(files) ? files.map((file) => String((file as { readonly path?: unknown }).path)) : [];
  } catch {
    return [];
  }
}

function refused(path: string, what: Message): Error {
  return refuse('output-folder', what, { place: { path }, advice: elsewhere });
}

async function namesIn(path: string): Promise<string[]> {
  return (await folderStatus(path)) === undefined ? [] : (await readdir(path)).sort();
}
