import { basename, isAbsolute, relative, sep } from 'node:path';
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

/** Whether a path is in a folder, or is the folder. Both are absolute. */
export function isBelow(path: string, folder: string): boolean {
  const below = relative(folder, path);
  return below === '' || (below.split(sep, 1)[0] !== '..' && !isAbsolute(below));
}
