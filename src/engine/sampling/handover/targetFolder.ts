import type { Stats } from 'node:fs';
import { lstat, mkdir, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fail } from '../../../core/report/failure.ts';
import { message } from '../../../core/report/message.ts';
import type { Work } from '../../database/connections.ts';
import { removeCreatedFolders } from '../../files/createdFolders.ts';
import { syncFile, syncFolder } from '../../files/durable.ts';
import { recoverUnfinished, replacedName, unfinishedPath } from '../../files/unfinished.ts';
import { isTooLong, shorter } from '../file/target.ts';

/** The file of a handover that says what is in it. */
export const manifestName = 'handover.json';
const elsewhere = message('Write to a new or an empty folder.');

/** A folder that appears whole or not at all: it grows in another beside it, and takes its place when it is done. */
export class TargetFolder {
  /** Where the files grow. */
  readonly made: string;
  /** For what is needed on the way alone. */
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
   * @throws FailureError where something else than a folder stands in its place, or one that holds what no handover wrote; else what the system says
   */
  static async open(path: string, work: Pick<Work, 'signal'>): Promise<TargetFolder> {
    const there = await standing(path);
    if (there !== undefined && !there.isDirectory())
      throw fail('bad-request', message('This is no folder, and is not replaced'), {
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
      // Which names are too long only a folder that is there can say.
      await standing(path);
      for (const folder of [target.unfinished, target.made, target.scratch]) await mkdir(folder);
    } catch (error) {
      await target.discard();
      throw error;
    }
    return target;
  }

  /** Puts the folder in its place; one that stood there is kept until then. The disk has all files before. @returns the bytes of its files */
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
    // The new folder is in its place: nothing that fails from here on is a failure of it.
    await syncFolder(dirname(this.path));
    await rm(this.unfinished, { recursive: true, force: true }).catch(() => undefined);
    return bytes;
  }

  /** Leaves everything as it was. */
  async discard(): Promise<void> {
    await rm(this.unfinished, { recursive: true, force: true });
    await removeCreatedFolders(this.path, this.created);
  }
}

/** What stands in a place, if anything. @throws FailureError where no folder can have the name */
async function standing(path: string): Promise<Stats | undefined> {
  return await lstat(path).catch((error: unknown) => {
    if (isTooLong(error))
      throw fail('bad-request', message('The name of the folder is too long for this disk'), {
        place: { path },
        advice: shorter,
      });
    return undefined;
  });
}

/** A folder is replaced if it is empty, or all that it holds was written by a handover. */
async function refuseForeign(path: string): Promise<void> {
  const names = await readdir(path);
  if (names.length === 0) return;
  const known = new Set([manifestName, ...(await namedFiles(join(path, manifestName)))]);
  const foreign = known.size === 1 ? names[0] : names.find((name) => !known.has(name));
  if (foreign !== undefined)
    throw fail('bad-request', message('The folder holds what no handover wrote: {0}', foreign), {
      place: { path },
      advice: elsewhere,
    });
}

/** The files that a manifest names; none where it is none. */
async function namedFiles(path: string): Promise<readonly string[]> {
  try {
    const { files } = JSON.parse(await readFile(path, 'utf8')) as { readonly files?: unknown };
    return typeof files === 'object' && files !== null ? Object.keys(files) : [];
  } catch {
    return [];
  }
}
