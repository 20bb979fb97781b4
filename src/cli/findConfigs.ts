import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { fail, type Failure } from '../core/message/failure.ts';
import { message } from '../core/message/message.ts';
import { fileFailure } from '../engine/files/fileFailure.ts';
import { globMatcher, globRoot, hasGlob } from '../engine/files/glob.ts';

/** Names of files that are ratio configs wherever they lie. */
const configName = /\.ratio\.(?:ya?ml|json)$/i;
/** Folders that hold other people's code, or none. */
const skipped: ReadonlySet<string> = new Set(['node_modules', '.git', '.venv', '__pycache__']);

export interface FoundConfigs {
  /** Absolute paths, each once, sorted by code units. */
  readonly files: readonly string[];
  /** Folders that could not be read. */
  readonly failures: readonly Failure[];
}

/**
 * The configs that the arguments of a command name: a file is one whatever its name, a folder is searched for `*.ratio.yaml`, `*.ratio.yml`
 * and `*.ratio.json`, as the editor does, a pattern that is no file is expanded. Links to folders are followed, each folder is searched once.
 * @param given paths as written, relative to `directory`
 * @throws FailureError for an argument that is no file or folder, or cannot be looked at
 */
export async function findConfigs(
  given: readonly string[],
  directory: string,
  signal: AbortSignal,
): Promise<FoundConfigs> {
  const search = new Search(signal, (file) => configName.test(file));
  for (const argument of given) {
    if (argument === '-')
      throw fail('bad-request', message('Standard input is not read'), {
        advice: message('Write the config to a file, and name that.'),
      });
    await search.add(path.resolve(directory, argument), patternOf(argument, directory));
  }
  await search.followLinks();
  return { files: [...search.files].sort(), failures: search.failures };
}

/** A pattern as written, below a folder whose own name is never a part of it: a folder may be called `[app]`. */
interface Pattern {
  /** Absolute. */
  readonly below: string;
  /** With `/`, at its start as well. */
  readonly glob: string;
}

/** Null for an argument without wildcards. */
function patternOf(argument: string, directory: string): Pattern | null {
  if (!hasGlob(argument)) return null;
  const { root } = path.parse(argument);
  const names = path.normalize(argument.slice(root.length)).split(path.sep);
  const up = names.findIndex((name) => name !== '..');
  return { below: path.resolve(directory, root, ...names.slice(0, up)), glob: `/${names.slice(up).join('/')}` };
}

class Search {
  readonly files = new Set<string>();
  readonly failures: Failure[] = [];
  /** Real paths of the folders seen. */
  readonly #seen = new Set<string>();
  /** Links to folders wait until all that is no link was searched: a folder is known by its own name where it has one in the search. */
  readonly #links: string[] = [];

  /** `accepts`: which files of a folder are taken, by their absolute paths. */
  constructor(
    private readonly signal: AbortSignal,
    private readonly accepts: (file: string) => boolean,
  ) {}

  /** `given`: absolute. `pattern`: what it is taken for where there is no such file. */
  async add(given: string, pattern: Pattern | null): Promise<void> {
    const found = await stat(given).catch((error: unknown) => {
      const failure = fileFailure(error, given);
      if (failure.failure.code === 'not-found' && pattern) return null;
      throw failure;
    });
    if (found === null) return pattern ? this.#pattern(given, pattern) : undefined;
    if (found.isDirectory()) await this.#folder(given);
    else if (found.isFile()) this.files.add(given);
    else throw fail('refused-path', message('A device or pipe is not read'), { place: { path: given } });
  }

  async followLinks(): Promise<void> {
    for (let link = this.#links.shift(); link !== undefined; link = this.#links.shift()) {
      try {
        const found = await stat(link);
        if (found.isDirectory()) await this.#folder(link);
        else if (found.isFile() && this.accepts(link)) this.files.add(link);
      } catch (error) {
        // A link that leads nowhere matters only where it has the name of a config.
        if (this.accepts(link)) this.failures.push(fileFailure(error, link).failure);
      }
    }
  }

  /** Files that match a pattern which no shell has expanded, whatever their names. */
  async #pattern(given: string, { below, glob }: Pattern): Promise<void> {
    const matches = globMatcher(glob, given);
    const search = new Search(this.signal, (file) =>
      matches.test(`/${path.relative(below, file).split(path.sep).join('/')}`),
    );
    await search.#folder(path.join(below, globRoot(glob)));
    await search.followLinks();
    if (search.files.size === 0 && search.failures.length === 0)
      throw fail('not-found', message('No file that can be read matches the pattern'), { place: { path: given } });
    for (const file of search.files) this.files.add(file);
    this.failures.push(...search.failures);
  }

  async #folder(folder: string): Promise<void> {
    this.signal.throwIfAborted();
    let entries: readonly Dirent[];
    try {
      const real = await realpath(folder);
      if (this.#seen.has(real)) return;
      this.#seen.add(real);
      entries = await readdir(folder, { withFileTypes: true });
    } catch (error) {
      this.failures.push(fileFailure(error, folder).failure);
      return;
    }
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const full = path.join(folder, entry.name);
      if (entry.isSymbolicLink()) {
        if (!skipped.has(entry.name)) this.#links.push(full);
      } else if (entry.isDirectory()) {
        if (!skipped.has(entry.name)) await this.#folder(full);
      } else if (entry.isFile() && this.accepts(full)) this.files.add(full);
    }
  }
}
