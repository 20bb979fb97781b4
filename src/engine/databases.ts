import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { mkdir, rm } from 'node:fs/promises';
import { Connections } from './database/connections.ts';
import { createLockedInstance, type InstanceOptions } from './database/instance.ts';
import { discover } from './files/discover.ts';
import type { FileSet } from './files/fileSet.ts';

type Locked = Awaited<ReturnType<typeof createLockedInstance>>;
type Options = Pick<InstanceOptions, 'temporaryDirectory' | 'threads' | 'memoryBytes'>;

/** The DuckDB of an open data set. `close` ends its statements and frees what only it uses. */
export interface Database {
  readonly connections: Connections;
  /** For copies. `close` removes it. */
  readonly directory: string;
  /** Makes its tables distinct if others use the same DuckDB. */
  readonly prefix?: string;
  /** False after a fatal error, of its own data set or another one: then DuckDB refuses all statements. */
  isSound(): boolean;
  /** Finds out whether an error was fatal. */
  check(): Promise<void>;
  close(): Promise<void>;
}

async function remove(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
}

/** The folders of files. */
export function foldersOf({ files }: Pick<FileSet, 'files'>): string[] {
  return [...new Set(files.map(({ realPath }) => dirname(realPath)))];
}

/**
 * Creates the DuckDB of each data set. A data set that a user looks at has its own, which sees no other files. Those of a
 * config, of which only metadata are read, share one: to create a DuckDB takes longer than to read most footers.
 */
export class Databases {
  readonly #shared = new Map<string, Promise<SharedDatabase | null>>();

  constructor(private readonly options: Options) {}

  /** @param folders those of its files */
  async own(folders: readonly string[]): Promise<Database> {
    const { instance, reporting, directory } = await this.#locked(folders);
    const connections = new Connections(instance, reporting);
    return {
      connections,
      directory,
      isSound: () => true,
      check: () => Promise.resolve(),
      close: async () => {
        await connections.close();
        await remove(directory);
      },
    };
  }

  /** A DuckDB with a folder for its temporary files. */
  async #locked(directories: readonly string[], reporting?: number): Promise<Locked & { readonly directory: string }> {
    const directory = join(this.options.temporaryDirectory, randomUUID());
    await mkdir(directory, { recursive: true });
    try {
      const more = reporting === undefined ? {} : { reporting };
      const locked = await createLockedInstance({
        ...this.options,
        ...more,
        temporaryDirectory: directory,
        directories,
      });
      return { ...locked, directory };
    } catch (error) {
      await remove(directory);
      throw error;
    }
  }

  /**
   * A DuckDB that also sees the files of other data sets.
   * @param together the paths of all data sets that share it
   * @returns null if it cannot be shared; `own` tells why
   */
  async shared(
    folders: readonly string[],
    together: readonly string[],
    within: string | undefined,
  ): Promise<Database | null> {
    const key = JSON.stringify([within, ...together]);
    let creating = this.#shared.get(key);
    if (creating === undefined) {
      const forget = (): void => {
        this.#shared.delete(key);
      };
      creating = this.#create(together, within, forget).catch(() => {
        forget();
        return null;
      });
      this.#shared.set(key, creating);
    }
    const found = await creating;
    return (await found?.lend(folders)) ?? null;
  }

  async #create(together: readonly string[], within: string | undefined, freed: () => void): Promise<SharedDatabase> {
    // What cannot be found is reported when it is opened.
    const found = await Promise.all(together.map((path) => discover(path, within).then(foldersOf, () => [])));
    const directories = [...new Set(found.flat())];
    const { directory, ...locked } = await this.#locked(directories, together.length);
    return new SharedDatabase(locked, directory, new Set(directories), freed);
  }
}

/** A DuckDB of several data sets. The last one that is closed frees it. */
class SharedDatabase {
  #lent = 0;
  #users = 0;
  #isSound = true;
  #isFreed = false;

  constructor(
    private readonly locked: Locked,
    private readonly directory: string,
    private readonly folders: ReadonlySet<string>,
    private readonly freed: () => void,
  ) {}

  /** Null if it does not see these folders, or has been lent as often as it can report progress. */
  async lend(folders: readonly string[]): Promise<Database | null> {
    const isSeen = this.#isSound && folders.every((folder) => this.folders.has(folder));
    const reporting = isSeen ? this.locked.reporting.pop() : undefined;
    if (reporting === undefined) {
      if (this.#users === 0) await this.#free();
      return null;
    }
    this.#users++;
    const prefix = `@${this.#lent++}`;
    const directory = join(this.directory, prefix);
    const connections = new Connections(this.locked.instance, [reporting], () => undefined);
    const close = async (): Promise<void> => {
      await connections.close();
      this.#users--;
      if (this.#users === 0) await this.#free();
      else await remove(directory);
    };
    try {
      await mkdir(directory);
    } catch (error) {
      await close();
      throw error;
    }
    return { connections, directory, prefix, isSound: () => this.#isSound, check: () => this.#check(), close };
  }

  async #check(): Promise<void> {
    if (!this.#isSound) return;
    try {
      const connection = await this.locked.instance.connect();
      try {
        await connection.run('SELECT 1');
      } finally {
        connection.closeSync();
      }
    } catch {
      this.#isSound = false;
    }
  }

  async #free(): Promise<void> {
    if (this.#isFreed) return;
    this.#isFreed = true;
    this.freed();
    for (const connection of this.locked.reporting.splice(0)) connection.closeSync();
    this.locked.instance.closeSync();
    await remove(this.directory);
  }
}
