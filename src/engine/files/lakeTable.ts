import type { Dirent } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Fence } from './fence.ts';

/** A table folder whose log defines which rows of its Parquet files are valid. */
export interface LakeTable {
  readonly kind: 'Delta Lake' | 'Apache Iceberg' | 'Apache Hudi';
  readonly folder: string;
}

/** Names of Iceberg's table metadata files: `v3.metadata.json`, `00002-<uuid>.gz.metadata.json`. */
const icebergMetadata = /^v?\d.*\.metadata\.json(?:\.gz)?$/;

/** Finds the tables that files belong to. Checks every folder only once. */
export class LakeTables {
  /** The table in each folder, by resolved path; null if the folder is not a table. */
  readonly #own = new Map<string, LakeTable | null>();

  /** `fence`: folders above it are not checked. */
  constructor(private readonly fence: Fence | null) {}

  /** Takes the entries of a folder that has been read. `real`: the resolved folder. */
  async add(real: string, entries: readonly Dirent[]): Promise<void> {
    this.#own.set(real, await tableOf(real, new Set(entries.map(({ name }) => name))));
  }

  /** The table that a resolved folder is, or is part of; null if there is no table. */
  async above(real: string): Promise<LakeTable | null> {
    for (let at = real; ; at = dirname(at)) {
      if (this.fence !== null && !this.fence.holds(at)) return null;
      // A parent folder may be large, so only these names are checked.
      if (!this.#own.has(at)) this.#own.set(at, await tableOf(at, new Set(await existing(at))));
      const own = this.#own.get(at);
      if (own) return own;
      if (at === dirname(at)) return null;
    }
  }
}

const marks = ['_delta_log', '.hoodie', 'metadata'] as const;

async function existing(folder: string): Promise<readonly string[]> {
  const found = await Promise.all(
    marks.map((name) =>
      access(join(folder, name)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return marks.filter((_, k) => found[k]);
}

async function tableOf(folder: string, names: ReadonlySet<string>): Promise<LakeTable | null> {
  if (names.has('_delta_log')) return { kind: 'Delta Lake', folder };
  if (names.has('.hoodie')) return { kind: 'Apache Hudi', folder };
  if (!names.has('metadata')) return null;
  const metadata = await readdir(join(folder, 'metadata')).catch(() => []);
  return metadata.some((name) => icebergMetadata.test(name)) ? { kind: 'Apache Iceberg', folder } : null;
}
