import { dirname, relative, sep } from 'node:path';
import { isSampleName } from '../../core/table/sampleName.ts';
import type { GlobMatcher, GlobPlace } from '../../core/data/globMatcher.ts';
import { statOrNull } from './statOrNull.ts';
import { globMatcher, globRoot, hasGlob } from './glob.ts';
import { LakeTables } from './lakeTable.ts';
import { isBelow, realPlace, slashed } from './pathBelow.ts';
import { isSidecar, isHidden, walk } from './walk.ts';

/**
 * The first of some files that a data set would find when it is opened after they are written; null if its files stay
 * the same. `dataset`: an absolute file, folder or glob. `files`: absolute; they and their folders need not exist.
 * @throws FailureError like `discover`
 */
export async function writtenInto(dataset: string, files: readonly string[]): Promise<string | null> {
  const places: [file: string, real: string][] = [];
  for (const file of files) places.push([file, await realPlace(file)]);
  const info = await statOrNull(dataset);
  if (info?.isDirectory() !== true) {
    // Even a glob can be the literal path of a file or folder that is about to be written.
    const realDataset = await realPlace(dataset);
    const match = places.find(([, real]) => isBelow(real, realDataset));
    if (match !== undefined || info !== null || !hasGlob(dataset)) return match?.[0] ?? null;
  }
  const finds = await finderOf(dataset, info !== null);
  return places.find(([, real]) => finds(real))?.[0] ?? null;
}

/** Returns a test: would the data set include a file of this resolved path? Based on its current folders and links. */
async function finderOf(dataset: string, isFolder: boolean): Promise<(real: string) => boolean> {
  const matcher = isFolder ? null : globMatcher(slashed(dataset));
  const root = isFolder ? dataset : globRoot(slashed(dataset));
  if (!isFolder && (await statOrNull(root))?.isDirectory() !== true) return () => false;
  const { folders, broken } = await walk(root, { fence: null, matcher, tables: new LakeTables(null) });
  const starts = new Map<string, (GlobPlace | null)[]>([...folders].map(([real, places]) => [real, [...places]]));
  const awaited = new Set<string>();
  for (const { path, isMatch, place } of broken) {
    const real = await realPlace(path);
    if (isMatch && isSampleName(path)) awaited.add(real);
    starts.set(real, [...(starts.get(real) ?? []), place]);
  }
  return (real) => {
    if (awaited.has(real)) return true;
    if (!isSampleName(real) || isSidecar(real)) return false;
    for (let folder = dirname(real); ; folder = dirname(folder)) {
      const names = relative(folder, real).split(sep);
      if (starts.get(folder)?.some((place) => isTaken(place, names, matcher)) === true) return true;
      if (folder === dirname(folder)) return false;
    }
  };
}

/** True if a walk includes a file. `place`: the glob state of a folder above it; `names`: the path from there. */
function isTaken(place: GlobPlace | null, names: readonly string[], matcher: GlobMatcher | null): boolean {
  if (names.some(isHidden)) return false;
  return place === null || matcher === null || matcher.isEnd(matcher.advance(place, names.join('/')));
}
