import { existsSync, lstatSync, realpathSync, statSync, type Stats } from 'node:fs';
import path from 'node:path';

/** What a path of a data set names. A path that exists is never a pattern, whatever characters it has. */
export type PathKind = 'file' | 'folder' | 'glob' | 'missing';

export function kindOfPath(file: string): PathKind {
  const found = statOf(file);
  if (found) return found.isDirectory() ? 'folder' : 'file';
  return /[*?[{]/.test(file) ? 'glob' : 'missing';
}

/** A folder that may not be entered or links in a circle throw even so: then nothing is known, and opening the path says why. */
function statOf(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** The folder above the first segment with a wildcard, and the pattern below it. */
export function splitGlob(glob: string): { readonly root: string; readonly pattern: string } {
  const segments = glob.split(/[\\/]/);
  const first = segments.findIndex((segment) => /[*?[{]/.test(segment));
  if (first < 0) return { root: path.dirname(glob), pattern: path.basename(glob) };
  return { root: segments.slice(0, first).join(path.sep) || path.sep, pattern: segments.slice(first).join('/') };
}

/** A pattern that matches exactly this name. VS Code's globs have no escape but a class of one character. */
export function literalPattern(name: string): string {
  return name.replace(/[*?[{]/g, (character) => `[${character}]`);
}

/** Where a link leads; the path itself where there is no link, or nothing there. */
export function resolveLinks(file: string): string {
  if (!existsSync(file)) return file;
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

/** True where `file` is `folder` or lies in it. */
export function isInside(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative === '' || (relative.split(path.sep, 1)[0] !== '..' && !path.isAbsolute(relative));
}

/** The link's target where the path lies in one of the folders and its target in none; else null. */
export function targetOutside(file: string, folders: readonly string[]): string | null {
  if (!folders.some((folder) => isInside(file, folder))) return null;
  const target = resolveLinks(file);
  const inside = folders.some((folder) => isInside(target, folder) || isInside(target, resolveLinks(folder)));
  return inside ? null : target;
}

/** Where a file that is written would really lie, if a link in its place or above leads it out of the folders; else null. */
export function writtenOutside(file: string, folders: readonly string[]): string | null {
  let there = file;
  while (lstatSync(there, { throwIfNoEntry: false }) === undefined && there !== path.dirname(there))
    there = path.dirname(there);
  let target: string;
  try {
    target = path.join(realpathSync(there), path.relative(there, file));
  } catch {
    // A link that leads nowhere: a file would be made where it points.
    return there;
  }
  return folders.some((folder) => isInside(target, resolveLinks(folder))) ? null : target;
}
