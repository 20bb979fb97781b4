import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** Names that mark the top of a project. */
const markers = ['.git', '.hg', '.vscode', '.recsample-demo'];

/**
 * The folder inside which the data of a config may lie: the innermost workspace folder that holds it; without one the nearest folder
 * above it with a marker of a project; else the outer one of the working directory, if it holds the config, and the folder above
 * that of the config, unless this is the root of the file system or the home folder.
 */
export function rootOf(configPath: string, workspaceFolders: readonly string[], cwd: string): string {
  const folder = path.dirname(configPath);
  const [workspace] = workspaceFolders
    .filter((candidate) => holds(candidate, folder))
    .sort((a, b) => b.length - a.length);
  if (workspace !== undefined) return workspace;
  const marked = markedRoot(folder);
  if (marked !== null) return marked;
  const above = path.dirname(folder);
  const parent = above === path.dirname(above) || above === homedir() ? folder : above;
  return holds(cwd, folder) && holds(cwd, parent) ? cwd : parent;
}

/** The nearest folder, this one or above it, with a marker of a project; null where there is none. */
export function markedRoot(folder: string): string | null {
  for (let at = folder; ; at = path.dirname(at)) {
    if (markers.some((marker) => existsSync(path.join(at, marker)))) return at;
    if (at === path.dirname(at)) return null;
  }
}

/** True for the folder itself and everything below it. Of names alone: symbolic links are not followed. */
export function holds(folder: string, inner: string): boolean {
  const relative = path.relative(folder, inner);
  return relative === '' || (!relative.startsWith(`..${path.sep}`) && relative !== '..' && !path.isAbsolute(relative));
}
