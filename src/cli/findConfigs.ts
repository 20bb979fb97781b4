import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { fail, type Failure } from '../core/message/failure.ts';
import { message } from '../core/message/message.ts';
import { fileFailure } from '../core/message/fileFailure.ts';
import { globMatcher, globRoot, hasGlob } from '../engine/files/glob.ts';

/** File names that are ratio configs in any folder. */
const configName = /\.ratio\.(?:ya?ml|json)$/i;
/** Folders that contain third-party code or no configs. */
const skippedFolders: ReadonlySet<string> = new Set(['node_modules', '.git', '.venv', '__pycache__']);

export interface FoundConfigs {
  /** Absolute paths without duplicates, sorted by code units. */
  readonly files: readonly string[];
  /** Folders that could not be read. */
  readonly failures: readonly Failure[];
}

/**
 * Finds the configs that command-line arguments name. A file is a config whatever its name. A folder is searched for
 * `*.ratio.yaml`, `*.ratio.yml` and `*.ratio.json`, like in the editor. A pattern is expanded if no file has that name.
 * Links to folders are followed; each folder is searched once.
 * @param given paths as written, relative to `directory`
 * @throws FailureError for an argument that is not a file or folder, or that cannot be read
 */
export async function findConfigs(
  given: readonly string[],
  directory: string,
  signal: AbortSignal,
): Promise<FoundConfigs> {
  const search = new Search(signal, (file) => configName.test(file));
  for (const argument of given) {
    if (argument === '-')
      throw fail('bad-request', message('A config cannot be read from standard input'), {
        advice: message('Write the config to a file, and give the path of that file.'),
      });
    await search.add(path.resolve(directory, argument), patternOf(argument, directory));
  }
  await search.followLinks();
  return { files: [...search.files].sort(), failures: search.failures };
}

/** A pattern as written, below a folder whose own name is never part of the pattern: a folder may be called `[app]`. */
interface Pattern {
  /** Absolute. */
  readonly root: string;
  /** With `/` as separator, also at the start. */
  readonly glob: string;
}

/** Null for an argument without wildcards. */
function patternOf(argument: string, directory: string): Pattern | null {
  if (!hasGlob(argument)) return null;
  const { root } = path.parse(argument);
  const names = path.normalize(argument.slice(root.length)).split(path.sep);
  const up = names.findIndex((name) => name !== '..');
  return { root: path.resolve(directory, root, ...names.slice(0, up)), glob: `/${names.slice(up).join('/')}` };
}

class Search {
  readonly files = new Set<string>();
  readonly failures: Failure[] = [];
  /** Real paths of the folders already searched. */
  readonly #searched = new Set<string>();
  /**
   * Links to folders are followed last, so that a folder inside the search keeps its own name instead of the link's.
   */
  readonly #links: string[] = [];

  /** `accepts`: which files of a folder to take; gets absolute paths. */
  constructor(
    private readonly signal: AbortSignal,
    private readonly accepts: (file: string) => boolean,
  ) {}

  /** `given` is absolute. `pattern` is used if there is no file with that name. */
  async add(file: string, pattern: Pattern | null): Promise<void> {
    const stats = await stat(file).catch((error: unknown) => {
      const failure = fileFailure(error, file);
      if (failure.failure.code === 'not-found' && pattern) return null;
      throw failure;
    });
    if (stats === null) return pattern ? this.#pattern(file, pattern) : undefined;
    if (stats.isDirectory()) await this.#folder(file);
    else if (stats.isFile()) this.files.add(file);
    else throw fail('refused-path', message('It is a device or pipe and cannot be read'), { place: { path: file } });
  }

  async followLinks(): Promise<void> {
    for (let link = this.#links.shift(); link !== undefined; link = this.#links.shift()) {
      try {
        const stats = await stat(link);
        if (stats.isDirectory()) await this.#folder(link);
        else if (stats.isFile() && this.accepts(link)) this.files.add(link);
      } catch (error) {
        // A broken link is reported only if it has the name of a config.
        if (this.accepts(link)) this.failures.push(fileFailure(error, link).failure);
      }
    }
  }

  /** Adds the files that match a pattern that the shell did not expand, whatever their names. */
  async #pattern(argument: string, { root, glob }: Pattern): Promise<void> {
    const matches = globMatcher(glob, argument);
    const search = new Search(this.signal, (file) =>
      matches.test(`/${path.relative(root, file).split(path.sep).join('/')}`),
    );
    await search.#folder(path.join(root, globRoot(glob)));
    await search.followLinks();
    if (search.files.size === 0 && search.failures.length === 0)
      throw fail('not-found', message('No file that can be read matches the pattern'), { place: { path: argument } });
    for (const file of search.files) this.files.add(file);
    this.failures.push(...search.failures);
  }

  async #folder(folder: string): Promise<void> {
    this.signal.throwIfAborted();
    let entries: readonly Dirent[];
    try {
      const real = await realpath(folder);
      if (this.#searched.has(real)) return;
      this.#searched.add(real);
      entries = await readdir(folder, { withFileTypes: true });
    } catch (error) {
      this.failures.push(fileFailure(error, folder).failure);
      return;
    }
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const full = path.join(folder, entry.name);
      if (entry.isSymbolicLink()) {
        if (!skippedFolders.has(entry.name)) this.#links.push(full);
      } else if (entry.isDirectory()) {
        if (!skippedFolders.has(entry.name)) await this.#folder(full);
      } else if (entry.isFile() && this.accepts(full)) this.files.add(full);
    }
  }
}
