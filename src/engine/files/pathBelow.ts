import { basename, relative, sep } from 'node:path';
import { globRoot, hasGlob } from './glob.ts';

/** The path of a file of a data set below its folder, or below that of its glob, with `/`; the name of the file where it is the data set. */
export function pathBelow(dataset: string, file: string): string {
  if (file === dataset) return basename(file);
  const folder =
    file.startsWith(dataset.endsWith(sep) ? dataset : dataset + sep) || !hasGlob(dataset)
      ? dataset
      : globRoot(slashed(dataset));
  return slashed(relative(folder, file));
}

/** A path as it is written everywhere. */
export function slashed(path: string): string {
  return sep === '\\' ? path.replaceAll('\\', '/') : path;
}
