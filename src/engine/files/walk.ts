import type { Dirent } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fail } from '../../core/message/failure.ts';
import { message, type Message } from '../../core/message/message.ts';
import { lockEnding } from '../../core/sampling/placement.ts';
import { outside, type Fence } from './fence.ts';
import { fileFailure } from '../../core/message/fileFailure.ts';
import { statOrNull } from './statOrNull.ts';
import type { GlobMatcher, GlobPlace } from '../../core/data/globMatcher.ts';
import type { LakeTables } from './lakeTable.ts';

/** Endings of files next to data that are not data: Hadoop checksums and lock files of samples. */
const noData = ['.crc', lockEnding];

/** Maximum number of files, and of folders, of one data set: a walk over a wrong folder must end. */
const MAX_FILES = 100_000;

/** A file below the root of a walk. */
export interface FoundFile {
  readonly path: string;
  /** The link through which it was found, which may be the file itself; null if there is no link. */
  readonly link: string | null;
}

export interface Walked {
  /** Ordered by path, compared by code units. */
  readonly files: readonly FoundFile[];
  /** Links to folders that were walked already. Their files occur in `files` only once. */
  readonly repeated: readonly string[];
  /** By resolved path: the places in the pattern at which a folder was walked. Null: all files below it are taken. */
  readonly folders: ReadonlyMap<string, readonly (GlobPlace | null)[]>;
  /** Links whose target does not exist. `place`: that of a folder, if the target becomes one. */
  readonly broken: readonly { readonly path: string; readonly isMatch: boolean; readonly place: GlobPlace | null }[];
}

export interface WalkOptions {
  readonly fence: Fence | null;
  /** Matches whole paths with `/`; null for all files. */
  readonly matcher: GlobMatcher | null;
  /** Receives the entries of every folder. */
  readonly tables: LakeTables;
}

/**
 * All regular files below a folder, without hidden names and names that start with `_`. Direct folders come before
 * links. A folder that several links lead to is walked once for each remaining part of the pattern.
 * @throws FailureError
 */
export async function walk(root: string, options: WalkOptions): Promise<Walked> {
  const run = new Walk(root, options);
  await run.all();
  const { repeated, folders, broken } = run;
  const files = run.files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { files, repeated, folders, broken };
}

/** Whether a walk ignores an entry of this name, as Spark and Hive do. */
export function isHidden(name: string): boolean {
  return name.startsWith('.') || name.startsWith('_');
}

/** Whether a file next to data is not data itself. */
export function isBesideData(path: string): boolean {
  return noData.some((ending) => path.endsWith(ending));
}

/** A folder to walk. `place`: the position in the pattern, which decides what matches below it. */
interface Folder {
  readonly path: string;
  readonly link: string | null;
  readonly place: GlobPlace | null;
}

class Walk {
  readonly files: FoundFile[] = [];
  readonly repeated: string[] = [];
  readonly folders = new Map<string, (GlobPlace | null)[]>();
  readonly broken: Walked['broken'][number][] = [];
  readonly #seen = new Set<string>();
  /** Taken from the end. Links wait until no other folder is left. */
  readonly #folders: Folder[] = [];
  readonly #links: Folder[] = [];

  constructor(
    private readonly root: string,
    private readonly options: WalkOptions,
  ) {
    const { matcher } = options;
    const posix = sep === '\\' ? root.replaceAll('\\', '/') : root;
    this.#folders.push({
      path: root,
      link: null,
      place: matcher && matcher.advance(matcher.start(), posix.endsWith('/') ? posix : `${posix}/`),
    });
  }

  async all(): Promise<void> {
    for (let next = this.#next(); next; next = this.#next()) await this.#visit(next);
  }

  #next(): Folder | undefined {
    return this.#folders.pop() ?? this.#links.shift();
  }

  async #visit(folder: Folder): Promise<void> {
    const real = await realpath(folder.path).catch((error: unknown) => {
      throw fileFailure(error, folder.path);
    });
    const key = folder.place === null ? real : `${real}\0${folder.place.join()}`;
    if (this.#seen.has(key)) {
      this.repeated.push(folder.link ?? folder.path);
      return;
    }
    this.#seen.add(key);
    this.folders.set(real, [...(this.folders.get(real) ?? []), folder.place]);
    if (this.#seen.size > MAX_FILES)
      throw this.#tooMany(message('The folder contains more than {0} folders', MAX_FILES));
    let entries: Dirent[];
    try {
      entries = await readdir(folder.path, { withFileTypes: true });
    } catch (error) {
      throw fileFailure(error, folder.path);
    }
    await this.options.tables.add(real, entries);
    // Reversed, because folders are taken from the end.
    entries.sort((a, b) => (a.name < b.name ? 1 : -1));
    for (const entry of entries) if (!isHidden(entry.name)) await this.#entry(folder, entry);
  }

  async #entry({ path: parent, link: above, place }: Folder, entry: Dirent): Promise<void> {
    const path = join(parent, entry.name);
    const link = above ?? (entry.isSymbolicLink() ? path : null);
    const { fence, matcher } = this.options;
    const named = place && matcher ? matcher.advance(place, entry.name) : null;
    const isMatch = named === null || matcher?.isEnd(named) === true;
    const inner: Folder = { path, link, place: named && matcher ? matcher.advance(named, '/') : null };
    const canDescend = inner.place === null || inner.place.length > 0;
    const take = (): void => {
      if (isMatch) this.files.push({ path, link });
      if (this.files.length > MAX_FILES)
        throw this.#tooMany(message('The folder contains more than {0} files', MAX_FILES));
    };
    if (entry.isSymbolicLink() && fence !== null && (await fence.leadsOut(path))) {
      // At the end of the pattern, a link to a folder is not followed, and a link to a file counts if it matches.
      if (canDescend) throw outside(path);
      take();
      return;
    }
    // A broken or circular link matters only if its name matches the pattern.
    const info = entry.isSymbolicLink() ? await statOrNull(path).catch(() => null) : entry;
    if (info === null) {
      this.broken.push({ path, isMatch, place: inner.place });
      take();
    } else if (info.isDirectory()) {
      if (canDescend) (entry.isSymbolicLink() ? this.#links : this.#folders).push(inner);
    } else if (info.isFile() && !isBesideData(path)) take();
  }

  #tooMany(text: Message): Error {
    return fail('unsupported', text, {
      place: { path: this.root },
      advice: message('Choose a folder with fewer files.'),
    });
  }
}
