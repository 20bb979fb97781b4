import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { globRoot, hasGlob } from './glob.ts';

/**
 * The path of a file relative to the folder or glob root of its data set, with `/`. If the file is the data set, its
 * name.
 */
export function pathBelow(dataset: string, file: string): string {
  if (file === dataset) return basename(file);
  const folder =
    file.startsWith(dataset.endsWith(sep) ? dataset : dataset + sep) || !hasGlob(dataset)
      ? dataset
      : globRoot(slashed(dataset));
  return slashed(relative(folder, file));
}

/** A path with `/`, the form used everywhere. */
export function slashed(path: string): string {
  return sep === '\\' ? path.replaceAll('\\', '/') : path;
}

/** True if a path is in a folder, or is the folder. Both are absolute. */
export function isBelow(path: string, folder: string): boolean {
  const below = relative(folder, path);
  return below === '' || (below.split(sep, 1)[0] !== '..' && !isAbsolute(below));
}

/**
 * Where an absolute path leads, whether or not it exists: the links of its longest existing part are resolved, also one
 * whose target does not exist yet.
 */
export async function realPlace(path: string, mostLinks = 40): Promise<string> {
  const real = await realpath(path).catch(() => null);
  if (real !== null) return real;
  if (path === dirname(path) || mostLinks === 0) return path;
  const place = join(await realPlace(dirname(path), mostLinks), basename(path));
  const target = await readlink(place).catch(() => null);
  return target === null ? place : await realPlace(resolve(dirname(place), target), mostLinks - 1);
}
