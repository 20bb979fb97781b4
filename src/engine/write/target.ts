import type { Stats } from 'node:fs';
import { access, constants, link, lstat, mkdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fail, refuse } from '../../core/message/failure.ts';
import { message, type Message } from '../../core/message/message.ts';
import type { Work } from '../database/connections.ts';
import { removeCreatedFolders } from '../files/createdFolders.ts';
import { syncFile, syncFolder } from '../files/durable.ts';
import { Fence } from '../files/fence.ts';
import { recoverUnfinished, replacedName, unfinishedPath } from '../files/unfinished.ts';

const elsewhere = message('Write to another file.');
const shorter = message('Choose a shorter name.');

/**
 * A file that appears completely or not at all. It is written in a folder next to the target and moved into place at
 * the end.
 */
export class Target {
  /** Path while it is written. A companion file may be written next to it. */
  readonly file: string;

  private constructor(
    readonly path: string,
    readonly realPath: string,
    readonly folder: string,
    private readonly companions: readonly string[],
    private readonly created: string | undefined,
  ) {
    this.file = join(folder, basename(path));
  }

  /**
   * @param path absolute; its folder is created if it does not exist
   * @param within the folder that it must not leave; null: anywhere
   * @param companions names of files that belong to it, in the same folder
   * @throws FailureError if a folder or a link has the name of one of these files, and for an error of the system;
   * `cancelled`
   */
  static async open(
    path: string,
    within: string | null,
    companions: readonly string[],
    work: Pick<Work, 'signal'>,
  ): Promise<Target> {
    const places = await Target.check(path, within, companions);
    const parent = dirname(path);
    const known = await stat(parent).then(
      () => true,
      () => false,
    );
    const created = known ? undefined : await mkdir(parent, { recursive: true });
    await recoverUnfinished(parent, work);
    const target = new Target(
      path,
      join(await realpath(parent), basename(path)),
      unfinishedPath(parent),
      companions,
      created,
    );
    try {
      // Only an existing folder can report which names are too long.
      if (created !== undefined) for (const place of places) await checkReplaceable(place, path);
      await mkdir(target.folder);
    } catch (error) {
      await removeCreatedFolders(path, created);
      throw error;
    }
    return target;
  }

  /** Checks what `open` checks before it creates anything. @returns the paths of the files */
  static async check(path: string, within: string | null, companions: readonly string[]): Promise<string[]> {
    await checkWithin(path, within, elsewhere);
    const places = [path, ...companions.map((name) => join(dirname(path), name))];
    for (const place of places) await checkReplaceable(place, path);
    return places;
  }

  /**
   * Replaces the file and its companions. The old companions are removed first and the new ones come last. So a reader
   * in between, or after a kill, never finds the companion of another file.
   * All files are flushed to the disk before. `recoverUnfinished` completes what a kill interrupts.
   * @returns the bytes of the file
   */
  async publish(): Promise<number> {
    const { size } = await stat(this.file);
    await syncFile(this.file);
    const grown = [];
    for (const name of this.companions) if (await done(lstat(join(this.folder, name)))) grown.push(name);
    for (const name of grown) await syncFile(join(this.folder, name));
    const replaced = join(this.folder, replacedName);
    await mkdir(replaced);
    const back: (() => Promise<void>)[] = [];
    try {
      for (const name of this.companions) {
        const [place, aside] = [join(dirname(this.path), name), join(replaced, name)];
        // Another process may have created something meanwhile.
        await checkReplaceable(place, this.path);
        if (!(await done(lstat(place)))) continue;
        await rename(place, aside);
        back.unshift(() => rename(aside, place));
      }
      const [there, aside] = [await done(lstat(this.path)), join(replaced, basename(this.path))];
      // A hard link keeps the old file. If the disk has no hard links, the old file stays until the new one replaces
      // it.
      const kept = there && (await done(link(this.path, aside)));
      await rename(this.file, this.path);
      if (kept) back.unshift(() => rename(aside, this.path));
      else if (!there) back.unshift(() => rm(this.path));
      for (const name of grown) {
        const place = join(dirname(this.path), name);
        await rename(join(this.folder, name), place);
        back.unshift(() => rm(place));
      }
    } catch (error) {
      for (const undo of back) await done(undo());
      throw error;
    }
    // The new files are in place. Later failures do not concern them.
    await syncFolder(dirname(this.path));
    await done(rm(this.folder, { recursive: true, force: true }));
    return size;
  }

  /** Removes the unfinished files and leaves the target unchanged. */
  async discard(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    await removeCreatedFolders(this.path, this.created);
  }
}

/** @throws FailureError if the path is outside of a folder that it must not leave, also through a link */
export async function checkWithin(path: string, within: string | null, advice: Message): Promise<void> {
  if (within === null) return;
  const fence = await Fence.around(within);
  await fence.checkWritten(path, () => advice);
  await fence.check(path, path);
}

function isTooLong(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENAMETOOLONG';
}

/** True if the operation succeeded. */
async function done(work: Promise<unknown>): Promise<boolean> {
  return await work.then(
    () => true,
    () => false,
  );
}

/**
 * @param named the requested file, to which this one belongs
 * @throws FailureError if something at this path cannot be replaced by a file, or if no file can have the name
 */
async function checkReplaceable(path: string, named: string): Promise<void> {
  const there = await lstat(path).catch((error: unknown) => {
    // Otherwise the unfinished file would fail first, under a name that the user never entered.
    if (isTooLong(error))
      throw refuse('output-path', message('The name of the file, or of its lock file, is too long for this disk'), {
        place: { path: named },
        advice: shorter,
      });
    return undefined;
  });
  if (there === undefined) return;
  if (!there.isFile())
    throw refuse(
      'output-path',
      there.isDirectory()
        ? message('This is a folder, not a file')
        : message('This is a link or a device, so it is not replaced'),
      { place: { path }, advice: elsewhere },
    );
  // A rename would not check this.
  if (!(await done(access(path, constants.W_OK))))
    throw fail('no-permission', message('The file is not writable'), { place: { path }, advice: elsewhere });
}

/**
 * Information about the file or folder at a path; undefined if the path does not exist.
 * @throws FailureError if no folder can have the name
 */
export async function folderStatus(path: string): Promise<Stats | undefined> {
  return await lstat(path).catch((error: unknown) => {
    if (isTooLong(error))
      throw refuse('output-path', message('The name of the folder is too long for this disk'), {
        place: { path },
        advice: shorter,
      });
    return undefined;
  });
}
