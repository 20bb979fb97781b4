import type { Dirent } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Fence } from './fence.ts';

/** A folder whose log says which rows of its Parquet files are valid. */
export interface LakeTable {
  readonly kind: 'Delta Lake' | 'Apache Iceberg' | 'Apache Hudi';
  readonly folder: string;
}

/** Names of Iceberg's table metadata: `v3.metadata.json`, `00002-<uuid>.gz.metadata.json`. */
const icebergMetadata = /^v?\d.*\.metadata\.json(?:\.gz)?$/;

/** Finds the tables that files belong to. Every folder is looked at once. */
export class LakeTables {
  /** By folder without links; null where the folder is no table. */
  readonly #own = new Map<string, LakeTable | null>();

  /** `fence`: no folder above it is looked at. */
  constructor(private readonly fence: Fence | null) {}

  /** Takes the entries of a folder that were read already. `real`: the folder without links. */
  async add(real: string, entries: readonly Dirent[]): Promise<void> {
    this.#own.set(real, await tableOf(real, new Set(entries.map(({ name }) => name))));
  }

  /** The table that a folder without links is, or lies in; null where there is none. */
  async above(real: string): Promise<LakeTable | null> {
    for (let at = real; ; at = dirname(at)) {
      if (this.fence !== null && !this.fence.holds(at)) return null;
      // A folder above may be large, so it is asked for these names alone.
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
