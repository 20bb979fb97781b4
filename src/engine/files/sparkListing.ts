import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { GlobPlace } from '../../core/data/globMatcher.ts';
import type { OtherFile } from '../../core/spark/sparkJob.ts';
import type { FileSet } from './fileSet.ts';
import { globMatcher, globRoot } from './glob.ts';
import { slashed } from './pathBelow.ts';

/** Names that Spark skips, except those of folders of partitions. */
const isHidden = (name: string): boolean => (name.startsWith('_') && !name.includes('=')) || name.startsWith('.');

/**
 * The first file of a path that Spark reads in another way than we do: it follows each link, takes folders that match a
 * pattern, and skips other names. Null: it reads the same files, each once.
 */
export async function otherFile(
  path: string,
  isPattern: boolean,
  { files }: Pick<FileSet, 'files'>,
): Promise<OtherFile | null> {
  const roots = isPattern ? await matching(path) : [path];
  const ours = new Set(files.map(({ realPath }) => realPath));
  const theirs = new Set<string>();
  for (const root of roots.filter((one) => !isHidden(basename(one))))
    for (const file of await leaves(root)) {
      const real = await realpath(file);
      if (theirs.has(real)) return { path: file, difference: 'twice' };
      if (!ours.has(real)) return { path: file, difference: 'only by Spark' };
      theirs.add(real);
    }
  const skipped = files.find(({ realPath }) => !theirs.has(realPath));
  return skipped ? { path: skipped.path, difference: 'never by Spark' } : null;
}

/** The files below a path that are not empty. */
async function leaves(path: string): Promise<string[]> {
  const info = await stat(path).catch(() => null);
  if (info?.isDirectory() !== true) return info !== null && info.size > 0 ? [path] : [];
  const found: string[] = [];
  for (const { name } of await sorted(path)) if (!isHidden(name)) found.push(...(await leaves(join(path, name))));
  return found;
}

/** Files and folders that match a pattern. */
async function matching(pattern: string): Promise<string[]> {
  const matcher = globMatcher(slashed(pattern));
  const root = globRoot(slashed(pattern));
  const found: string[] = [];
  const visit = async (folder: string, place: GlobPlace): Promise<void> => {
    for (const { name } of await sorted(folder)) {
      const named = matcher.advance(place, name);
      if (matcher.isEnd(named)) found.push(join(folder, name));
      const inner = matcher.advance(named, '/');
      if (inner.length > 0) await visit(join(folder, name), inner);
    }
  };
  await visit(root, matcher.advance(matcher.start(), root.endsWith('/') ? root : `${root}/`));
  return found;
}

/** The entries of a folder; none of what is no folder. */
async function sorted(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}
