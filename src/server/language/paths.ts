import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { refusedPath } from '../../core/data/refusedPath.ts';
import { isSampleName } from '../../core/table/sampleName.ts';
import { contains } from '../../project/projectRoot.ts';

export interface PathList {
  /** Relative to the config, with `/` between names; a folder ends with `/`. */
  readonly paths: readonly string[];
  /** False if the list was cut. */
  readonly whole: boolean;
}

const nothing: PathList = { paths: [], whole: true };

/** Longer lists are cut: typing more narrows the list. */
const MAX_ENTRIES = 500;

/** What a config may name: data files and policies. */
const isNamed = (name: string): boolean => isSampleName(name) || /\.(ya?ml|json)$/i.test(name);

/**
 * Files and folders that complete a partly typed path, relative to the config. For folders such as `dt=2026-11-20`, the
 * pattern `dt=*` is offered too. Nothing outside `root` is listed.
 * @param config absolute path; null if the config is not a file
 */
export async function listPaths(prefix: string, config: string | null, root: string | null): Promise<PathList> {
  const behind = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  if (config === null || root === null || behind.includes('*') || behind.includes('${')) return nothing;
  const folder = path.dirname(config);
  if (refusedPath(behind === '' ? '.' : behind, { folder, root }) !== null) return nothing;
  try {
    const listed = await realpath(path.resolve(folder, behind));
    if (!contains(await realpath(root), listed)) return nothing;
    const entries = (await readdir(listed, { withFileTypes: true })).filter(
      ({ name }) => !name.startsWith('.') && name !== 'node_modules',
    );
    const names = await Promise.all(
      entries.slice(0, MAX_ENTRIES).map(async (entry) => {
        const isFolder = entry.isSymbolicLink() ? await isFolderAt(path.join(listed, entry.name)) : entry.isDirectory();
        return isFolder ? [`${entry.name}/`] : isNamed(entry.name) ? [entry.name] : [];
      }),
    );
    const matches = names.flat().sort();
    const kinds = new Set(matches.flatMap((name) => /^([^=/]+)=[^/]*\/$/.exec(name)?.[1] ?? []));
    return {
      paths: [...[...kinds].map((kind) => `${kind}=*/`), ...matches].map((name) => behind + name),
      whole: entries.length <= MAX_ENTRIES,
    };
  } catch {
    // A folder that is missing or unreadable has no entries to offer.
    return nothing;
  }
}

async function isFolderAt(file: string): Promise<boolean> {
  return stat(file).then(
    (info) => info.isDirectory(),
    () => false,
  );
}
