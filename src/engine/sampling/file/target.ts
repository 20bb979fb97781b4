import { access, constants, link, lstat, mkdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fail } from '../../../core/report/failure.ts';
import { message } from '../../../core/report/message.ts';
import type { Work } from '../../database/connections.ts';
import { removeCreatedFolders } from '../../files/createdFolders.ts';
import { syncFile, syncFolder } from '../../files/durable.ts';
import { Fence } from '../../files/fence.ts';
import { recoverUnfinished, replacedName, unfinishedPath } from '../../files/unfinished.ts';

const elsewhere = message('Write to another file.');
export const shorter = message('Choose a shorter name.');

/** A file that appears whole or not at all: it grows in a folder beside it, and takes its place when it is done. */
export class Target {
  /** Where the file grows; a file that goes with it may grow there too. */
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
   * @param path absolute; its folder is made where there is none
   * @param within the folder that it may not lead out of; null: anywhere
   * @param companions names of the files that belong to it, beside it
   * @throws FailureError if a folder or a link has the name of one of these files, and for an error of the system; `cancelled`
   */
  static async open(
    path: string,
    within: string | null,
    companions: readonly string[],
    work: Pick<Work, 'signal'>,
  ): Promise<Target> {
    if (within !== null) {
      const fence = await Fence.around(within);
      await fence.checkWritten(path, () => elsewhere);
      await fence.check(path, path);
    }
    const parent = dirname(path);
    const places = [path, ...companions.map((name) => join(parent, name))];
    for (const place of places) await checkReplaceable(place, path);
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
      // Which names are too long only a folder that is there can say.
      if (created !== undefined) for (const place of places) await checkReplaceable(place, path);
      await mkdir(target.folder);
    } catch (error) {
      await removeCreatedFolders(path, created);
      throw error;
    }
    return target;
  }

  /**
   * Replaces the file and its companions. The old companions leave first and the new ones come last: a reader in between, or after a kill,
   * finds no companion of another file. All are on the disk before. `recoverUnfinished` completes what a kill interrupts.
   *
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
        // Something may have come in meanwhile.
        await checkReplaceable(place, this.path);
        if (!(await done(lstat(place)))) continue;
        await rename(place, aside);
        back.unshift(() => rename(aside, place));
      }
      const [there, aside] = [await done(lstat(this.path)), join(replaced, basename(this.path))];
      // A second name keeps the old file; where a disk has no such names it is kept until the new one comes.
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
    // The new files are in their places: nothing that fails from here on is a failure of theirs.
    await syncFolder(dirname(this.path));
    await done(rm(this.folder, { recursive: true, force: true }));
    return size;
  }

  /** Leaves everything as it was. */
  async discard(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    await removeCreatedFolders(this.path, this.created);
  }
}

export function isTooLong(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENAMETOOLONG';
}

/** Whether it went well. */
async function done(work: Promise<unknown>): Promise<boolean> {
  return await work.then(
    () => true,
    () => false,
  );
}

/**
 * @param named the file that was asked for, with which this one comes
 * @throws FailureError where something stands in a place that no file takes the place of, or no file can have the name
 */
async function checkReplaceable(path: string, named: string): Promise<void> {
  const there = await lstat(path).catch((error: unknown) => {
    // Else the file that grows elsewhere would be the first to fail of it, under a name that nobody gave.
    if (isTooLong(error))
      throw fail('bad-request', message('The name of the file, or of its lock file, is too long for this disk'), {
        place: { path: named },
        advice: shorter,
      });
    return undefined;
  });
  if (there === undefined) return;
  if (!there.isFile())
    throw fail(
      'bad-request',
      there.isDirectory()
        ? message('This is a folder, not a file')
        : message('This is a link or a device, and is not replaced'),
      { place: { path }, advice: elsewhere },
    );
  // A rename would not ask.
  if (!(await done(access(path, constants.W_OK))))
    throw fail('no-permission', message('The file may not be written'), { place: { path }, advice: elsewhere });
}
