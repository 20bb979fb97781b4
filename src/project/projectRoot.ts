import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** Names of files and folders that mark the top of a project. */
const markers = ['.git', '.hg', '.vscode', '.recsample-demo'];

/**
 * The folder that must contain the data of a config. It is the innermost workspace folder that contains the config.
 * Without one, it is the nearest folder above with a project marker. Without that, it is the parent of the config's
 * folder, or that folder itself if the parent is the root of the file system or the home folder. In this last case, the
 * working directory replaces it if it contains both that parent and the config.
 */
export function projectRoot(configPath: string, workspaceFolders: readonly string[], cwd: string): string {
  const folder = path.dirname(configPath);
  const [workspace] = workspaceFolders
    .filter((candidate) => contains(candidate, folder))
    .sort((a, b) => b.length - a.length);
  if (workspace !== undefined) return workspace;
  const marked = markedRoot(folder);
  if (marked !== null) return marked;
  const above = path.dirname(folder);
  const parent = above === path.dirname(above) || above === homedir() ? folder : above;
  return contains(cwd, folder) && contains(cwd, parent) ? cwd : parent;
}

/** The nearest folder with a project marker, starting with this one and going up; null if there is none. */
export function markedRoot(folder: string): string | null {
  for (let at = folder; ; at = path.dirname(at)) {
    if (markers.some((marker) => existsSync(path.join(at, marker)))) return at;
    if (at === path.dirname(at)) return null;
  }
}

/** True for the folder itself and everything below it. Compares names only; symbolic links are not followed. */
export function contains(folder: string, inner: string): boolean {
  const relative = path.relative(folder, inner);
  return relative === '' || (!relative.startsWith(`..${path.sep}`) && relative !== '..' && !path.isAbsolute(relative));
}
