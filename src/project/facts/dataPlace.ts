import { parse } from 'node:path';
import type { DatasetEntry } from '../../core/data/dataColumns.ts';
import { resolvePath } from '../../core/data/absolutePath.ts';
import type { DatasetFacts } from '../../core/data/facts.ts';
import { refusedPath, type PathRules } from '../../core/data/refusedPath.ts';

/** Where the files of a `data` entry are, or why they may not be opened. */
export type DataPlace = { readonly path: string; readonly root: string } | { readonly facts: DatasetFacts };

/** Decided from the texts alone; no file is touched. */
export function dataPlace({ path, table }: DatasetEntry, place: PathRules, trusted: boolean): DataPlace {
  if (path === undefined) return { facts: { state: 'closed', reason: table === undefined ? 'path' : 'table' } };
  // A variable without a value, or a config that is not a file.
  if (path.includes('${') || place.folder === null || place.root === null)
    return { facts: { state: 'closed', reason: 'path' } };
  const resolved = resolvePath(path, place.folder);
  const refused = refusedPath(path, place);
  // The user named it: its links may lead anywhere.
  if (trusted && resolved === place.given) return { path: resolved, root: parse(resolved).root };
  if (refused)
    return { facts: { state: 'refused', failure: { code: 'refused-path', message: refused, place: { path } } } };
  if (!trusted) return { facts: { state: 'closed', reason: 'untrusted' } };
  return { path: resolved, root: place.root };
}
