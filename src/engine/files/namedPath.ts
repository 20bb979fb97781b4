import { constants } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { refusedBelow } from '../../core/data/refusedPath.ts';
import { fail, type FailureError } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { Fence } from './fence.ts';
import { fileFailure } from '../../core/message/fileFailure.ts';
import { statOrNull } from './statOrNull.ts';

/** Lock files and counts of the maximum number of files have a few hundred megabytes at most. */
const MAX_BYTES = 256 * 1024 * 1024;
const advice = message('Do not use this folder if you do not know who wrote it.');

/** A folder, and the paths that its files name. The only way from a path in data to a path of this machine. */
export class NamedPaths {
  private constructor(
    private readonly folder: string,
    private readonly fence: Fence,
  ) {}

  static async in(folder: string): Promise<NamedPaths> {
    return new NamedPaths(folder, await Fence.around(folder));
  }

  /**
   * The absolute path of a file or folder, which need not exist.
   * @param name relative to the folder, with `/`; empty for the folder itself
   * @param source the file that names it, as the user knows it
   * @throws FailureError `refused-path` if the name is absolute, has `..` or control characters, if a link leads out,
   * or
   *   if there is a device, a pipe or a socket
   */
  async path(name: string, source: string): Promise<string> {
    const what = name === '' ? null : refusedBelow(name, this.folder);
    if (what !== null) throw fail('refused-path', what, { place: { path: source }, advice });
    const path = join(this.folder, name);
    if (await this.fence.leadsOut(path))
      throw fail('refused-path', message('The link {0} leads out of the folder', name), {
        place: { path: source },
        advice,
      });
    const there = await statOrNull(path);
    if (there !== null && !there.isDirectory() && !there.isFile()) throw notRegular(path);
    return path;
  }
}

/**
 * Opens a regular file for reading. `named`: as the user knows it.
 * @throws FailureError `refused-path` for a device, a pipe or a socket; or why the file cannot be opened
 */
export async function openRegular(path: string, named = path): Promise<FileHandle> {
  try {
    // Before opening: opening a device may have effects. Without O_NONBLOCK, opening a pipe waits for its writer.
    const before = await stat(path);
    if (!before.isFile() && !before.isDirectory()) throw notRegular(named);
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const there = await file.stat();
    if (there.isFile()) return file;
    await file.close();
    throw there.isDirectory()
      ? fail('not-found', message('This is a folder, not a file'), { place: { path: named } })
      : notRegular(named);
  } catch (error) {
    throw fileFailure(error, named);
  }
}

/**
 * The text of a regular file that describes data: a lock file, counts or a manifest.
 * @throws FailureError as `openRegular`; `unsupported` if it is larger than any such file
 */
export async function readRegular(path: string, named = path): Promise<string> {
  const file = await openRegular(path, named);
  try {
    const { size } = await file.stat();
    if (size > MAX_BYTES)
      throw fail('unsupported', message('It is larger than {0} MB, the maximum for such a file', MAX_BYTES / 2 ** 20), {
        place: { path: named },
      });
    return await file.readFile('utf8');
  } catch (error) {
    throw fileFailure(error, named);
  } finally {
    await file.close();
  }
}

export function notRegular(path: string): FailureError {
  return fail('refused-path', message('This is a device, a pipe or a socket, not a file'), {
    place: { path },
    advice: message('Only regular files are opened.'),
  });
}
