import { lstat, readlink, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fail } from '../../core/message/failure.ts';
import { message, type Message } from '../../core/message/message.ts';

/** A symbolic link and its target, both absolute. For a missing target, this is the text of the link, resolved. */
export interface Link {
  readonly path: string;
  readonly target: string;
}

/** A folder that no path may leave, neither through `..` nor through a symbolic link. */
export class Fence {
  private constructor(
    private readonly folder: string,
    private readonly real: string,
  ) {}

  static async around(folder: string): Promise<Fence> {
    return new Fence(resolve(folder), await realpath(folder).catch(() => resolve(folder)));
  }

  /**
   * Fails if `path` leads out. `shown` is the path that the user gave.
   * @throws FailureError `refused-path`
   */
  async check(shown: string, path: string): Promise<void> {
    if (await this.leadsOut(path)) throw outside(shown);
  }

  /** True if a path leads out. For a path that does not exist, the deepest existing parent folder decides. */
  async leadsOut(path: string): Promise<boolean> {
    // Compare the text first, so that nothing outside is accessed, not even a link.
    if (!isInside(this.folder, resolve(path))) return true;
    for (let at = resolve(path); ; at = dirname(at)) {
      const real = await realpath(at).catch(() => null);
      if (real !== null) return !isInside(this.real, real) && !isInside(at, this.folder);
      if (at === dirname(at)) return false;
    }
  }

  /**
   * Fails if a path to be written is inside by its text, but a link leads out. `advice`: how to fix it.
   * @throws FailureError `refused-path` that names the link and its target
   */
  async checkWritten(path: string, advice: (link: Link) => Message): Promise<void> {
    if (!isInside(this.folder, resolve(path)) || !(await this.leadsOut(path))) return;
    const link = await this.#linkOut(resolve(path));
    if (link === null) throw outside(path);
    throw fail('refused-path', message('The link {0} leads out of {1}, to {2}', link.path, this.folder, link.target), {
      place: { path },
      advice: advice(link),
    });
  }

  /** The first link on the way down to a path that leads out of the folder. */
  async #linkOut(path: string): Promise<Link | null> {
    let at = this.folder;
    for (const name of relative(this.folder, path).split(sep)) {
      at = join(at, name);
      const found = await lstat(at).catch(() => null);
      if (found === null) return null;
      if (!found.isSymbolicLink()) continue;
      const target = await realpath(at).catch(async () => resolve(dirname(at), await readlink(at)));
      if (!isInside(this.real, target)) return { path: at, target };
    }
    return null;
  }

  /** Fails if the resolved path of a file is outside. */
  checkReal(shown: string, real: string): void {
    if (!this.holds(real)) throw outside(shown);
  }

  /** True if a resolved path is inside. */
  holds(real: string): boolean {
    return isInside(this.real, real);
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

export function outside(path: string): Error {
  return fail('refused-path', message('The path leads out of the workspace'), {
    place: { path },
    advice: message('Copy the file into the workspace, or open the parent folder as the workspace.'),
  });
}
