import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { fail } from '../../core/report/failure.ts';
import { message } from '../../core/report/message.ts';

/** A folder that nothing leads out of: neither `..` nor a symbolic link. */
export class Fence {
  private constructor(private readonly folder: string, private readonly real: string) {}

  static async around(folder: string): Promise<Fence> {
    return new Fence(resolve(folder), await realpath(folder).catch(() => resolve(folder)));
  }

  /**
   * Fails where `path` leads out. `shown` is the path that a person gave.
   * @throws FailureError `refused-path`
   */
  async check(shown: string, path: string): Promise<void> {
    if (await this.leadsOut(path)) throw outside(shown);
  }

  /** Whether a path leads out. What does not exist is judged by the deepest folder above it that does. */
  async leadsOut(path: string): Promise<boolean> {
    // By its letters first: outside, not even a link is read.
    if (!isInside(this.folder, resolve(path))) return true;
    for (let at = resolve(path); ; at = dirname(at)) {
      const real = await realpath(at).catch(() => null);
      if (real !== null) return !isInside(this.real, real) && !isInside(at, this.folder);
      if (at === dirname(at)) return false;
    }
  }

  /** Fails where a path without links, that of a file found, lies outside. */
  checkReal(shown: string, real: string): void {
    if (!isInside(this.real, real)) throw outside(shown);
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

export function outside(path: string): Error {
  return fail('refused-path', message('The path leads out of the workspace'), { place: { path }, advice: message('Copy the file into the workspace, or open the folder above as the workspace.') });
}
