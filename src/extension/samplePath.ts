import { existsSync, lstatSync, realpathSync, statSync, type Stats } from 'node:fs';
import path from 'node:path';
import { GlobMatcher } from '../core/data/globMatcher.ts';

/** What a data set path names. An existing path is never a pattern, whatever characters it has. */
export type PathKind = 'file' | 'folder' | 'glob' | 'missing';

export function kindOfPath(file: string): PathKind {
  const stats = statOf(file);
  if (stats) return stats.isDirectory() ? 'folder' : 'file';
  return /[*?[{]/.test(file) ? 'glob' : 'missing';
}

/**
 * Undefined if the path does not exist or cannot be read, for example for lack of permission or in a loop of links.
 * Opening such a path later reports why.
 */
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

/** Paths under which the explorer and the trees list a data set. The files of a glob are listed under their folder. */
export function placesOf(place: string): readonly string[] {
  return kindOfPath(place) === 'glob' ? [place, splitGlob(place).root] : [place];
}

/** True if a file belongs to a path that is a folder or a glob, or if the path has files of a folder. */
export function covers(place: string, file: string): boolean {
  if (place === file) return true;
  const kind = kindOfPath(place);
  if (kind !== 'glob') return kind === 'folder' && isInside(file, place);
  if (!isInside(file, splitGlob(place).root)) return false;
  try {
    const matcher = new GlobMatcher(withSlashes(place));
    if (kindOfPath(file) !== 'folder') return matcher.test(withSlashes(file));
    return matcher.advance(matcher.start(), `${withSlashes(file)}/`).length > 0;
  } catch {
    // A descending range, which the config reports.
    return false;
  }
}

const withSlashes = (file: string): string => file.split(path.sep).join('/');

/**
 * A pattern that matches exactly this name. VS Code's globs can escape a character only as a class of one character.
 */
export function literalPattern(name: string): string {
  return name.replace(/[*?[{]/g, (character) => `[${character}]`);
}

/** The target of a link; the path itself if there is no link or no file. */
export function resolveLinks(file: string): string {
  if (!existsSync(file)) return file;
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

/** True if `file` is `folder` or is inside it. */
export function isInside(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative === '' || (relative.split(path.sep, 1)[0] !== '..' && !path.isAbsolute(relative));
}

/** The target of a link, if the path is in one of the folders and the target is in none of them; else null. */
export function targetOutside(file: string, folders: readonly string[]): string | null {
  if (!folders.some((folder) => isInside(file, folder))) return null;
  const target = resolveLinks(file);
  const inside = folders.some((folder) => isInside(target, folder) || isInside(target, resolveLinks(folder)));
  return inside ? null : target;
}

/** The real location of a file to be written, if a link at its path or above leads it out of the folders; else null. */
export function writtenOutside(file: string, folders: readonly string[]): string | null {
  let existing = file;
  while (lstatSync(existing, { throwIfNoEntry: false }) === undefined && existing !== path.dirname(existing))
    existing = path.dirname(existing);
  let target: string;
  try {
    target = path.join(realpathSync(existing), path.relative(existing, file));
  } catch {
    // A broken link: writing would create the file at its target.
    return existing;
  }
  return folders.some((folder) => isInside(target, resolveLinks(folder))) ? null : target;
}
