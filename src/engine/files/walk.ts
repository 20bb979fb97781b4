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

/** Endings of sidecar files, which are not data: Hadoop checksums and lock files of samples. */
const sidecarEndings = ['.crc', lockEnding];

/** Maximum number of files, and of folders, of a data set, so that a walk over the wrong folder ends. */
const MAX_ENTRIES = 100_000;

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
  /** Glob states with which each folder was walked, by resolved path. Null: no pattern, so that every file matches. */
  readonly folders: ReadonlyMap<string, readonly (GlobPlace | null)[]>;
  /** Links without a target. `place`: the glob state to continue with if the target is later created as a folder. */
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
 * All regular files below a folder, without hidden names and names that start with `_`. Real folders are walked before
 * linked ones. A folder is walked once per glob state, even if several links lead to it.
 * @throws FailureError for an unreadable folder, too many entries, or a matching link that leads out of the fence
 */
export async function walk(root: string, options: WalkOptions): Promise<Walked> {
  const walker = new Walk(root, options);
  await walker.walkAll();
  const { repeated, folders, broken } = walker;
  const files = walker.files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { files, repeated, folders, broken };
}

/** True if a walk ignores entries of this name, as Spark and Hive do. */
export function isHidden(name: string): boolean {
  return name.startsWith('.') || name.startsWith('_');
}

/** True for a file that accompanies data, but is no data: a checksum or a lock file. */
export function isSidecar(path: string): boolean {
  return sidecarEndings.some((ending) => path.endsWith(ending));
}

/** A folder to walk. `place`: the glob state, which decides what matches below it; null without a pattern. */
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
  /** A stack of real folders. Linked folders, a queue, wait until it is empty. */
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

  async walkAll(): Promise<void> {
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
    if (this.#seen.size > MAX_ENTRIES)
      throw this.#tooMany(message('The folder contains more than {0} folders', MAX_ENTRIES));
    let entries: Dirent[];
    try {
      entries = await readdir(folder.path, { withFileTypes: true });
    } catch (error) {
      throw fileFailure(error, folder.path);
    }
    await this.options.tables.add(real, entries);
    // Reversed, because the folders are a stack.
    entries.sort((a, b) => (a.name < b.name ? 1 : -1));
    for (const entry of entries) if (!isHidden(entry.name)) await this.#entry(folder, entry);
  }

  async #entry({ path: parent, link: parentLink, place }: Folder, entry: Dirent): Promise<void> {
    const path = join(parent, entry.name);
    const link = parentLink ?? (entry.isSymbolicLink() ? path : null);
    const { fence, matcher } = this.options;
    const placeAfterName = place && matcher ? matcher.advance(place, entry.name) : null;
    const isMatch = placeAfterName === null || matcher?.isEnd(placeAfterName) === true;
    const child: Folder = {
      path,
      link,
      place: placeAfterName && matcher ? matcher.advance(placeAfterName, '/') : null,
    };
    const canDescend = child.place === null || child.place.length > 0;
    const addIfMatch = (): void => {
      if (isMatch) this.files.push({ path, link });
      if (this.files.length > MAX_ENTRIES)
        throw this.#tooMany(message('The folder contains more than {0} files', MAX_ENTRIES));
    };
    if (entry.isSymbolicLink() && fence !== null && (await fence.leadsOut(path))) {
      // The pattern ends here: a link to a folder would not be followed, and a link to a file counts if it matches.
      if (canDescend) throw outside(path);
      addIfMatch();
      return;
    }
    // Broken and circular links are reported with `isMatch`. Those that match also count as files.
    const info = entry.isSymbolicLink() ? await statOrNull(path).catch(() => null) : entry;
    if (info === null) {
      this.broken.push({ path, isMatch, place: child.place });
      addIfMatch();
    } else if (info.isDirectory()) {
      if (canDescend) (entry.isSymbolicLink() ? this.#links : this.#folders).push(child);
    } else if (info.isFile() && !isSidecar(path)) addIfMatch();
  }

  #tooMany(text: Message): Error {
    return fail('unsupported', text, {
      place: { path: this.root },
      advice: message('Choose a folder with fewer files.'),
    });
  }
}
