import { rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Removes the folders from the one of a path up to the first that was made for it, as long as they are empty.
 * @param created what `mkdir` said that it made; undefined: nothing
 */
export async function removeCreatedFolders(path: string, created: string | undefined): Promise<void> {
  if (created === undefined) return;
  for (let folder = dirname(path); folder.startsWith(created); folder = dirname(folder)) {
    try {
      await rmdir(folder);
    } catch {
      return; // something else came in meanwhile: it is not ours
    }
  }
}
