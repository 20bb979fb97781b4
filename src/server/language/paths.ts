import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { refusedPath } from '../../core/data/refusedPath.ts';
import { isSampleName } from '../../core/table/sampleName.ts';
import { holds } from '../lint/root.ts';

export interface PathList {
  /** Relative to the config, `/` between names; folders end with it. */
  readonly paths: readonly string[];
  /** False where there are more. */
  readonly whole: boolean;
}

const nothing: PathList = { paths: [], whole: true };

/** Longer lists are cut: nobody reads them, and typing on finds what is not shown. */
const MOST = 500;

/** What a config may name: data files and policies. */
const isNamed = (name: string): boolean => isSampleName(name) || /\.(ya?ml|json)$/i.test(name);

/**
 * Files and folders that continue a path which is being typed, relative to the config. Folders such as `dt=2026-11-20` stand for all of their
 * kind too: `dt=*`. Nothing outside of `root` is listed.
 * @param config absolute path; null where the config is no file
 */
export async function listPaths(prefix: string, config: string | null, root: string | null): Promise<PathList> {
  const behind = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  if (config === null || root === null || behind.includes('*') || behind.includes('${')) return nothing;
  const folder = path.dirname(config);
  if (refusedPath(behind === '' ? '.' : behind, { folder, root }) !== null) return nothing;
  try {
    const listed = await realpath(path.resolve(folder, behind));
    if (!holds(await realpath(root), listed)) return nothing;
    const entries = (await readdir(listed, { withFileTypes: true })).filter(
      ({ name }) => !name.startsWith('.') && name !== 'node_modules',
    );
    const names = await Promise.all(
      entries.slice(0, MOST).map(async (entry) => {
        const isFolder = entry.isSymbolicLink() ? await isFolderAt(path.join(listed, entry.name)) : entry.isDirectory();
        return isFolder ? [`${entry.name}/`] : isNamed(entry.name) ? [entry.name] : [];
      }),
    );
    const found = names.flat().sort();
    const kinds = new Set(found.flatMap((name) => /^([^=/]+)=[^/]*\/$/.exec(name)?.[1] ?? []));
    return {
      paths: [...[...kinds].map((kind) => `${kind}=*/`), ...found].map((name) => behind + name),
      whole: entries.length <= MOST,
    };
  } catch {
    // A folder that is not there, or not to be read, has nothing to propose.
    return nothing;
  }
}

async function isFolderAt(file: string): Promise<boolean> {
  return stat(file).then(
    (info) => info.isDirectory(),
    () => false,
  );
}
