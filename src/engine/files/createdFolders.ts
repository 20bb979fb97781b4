import { rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Removes the parent folders of a path, up to the first one that was created for it, as long as they are empty.
 * @param created what `mkdir` returned: the first folder that it created; undefined: it created no folder
 */
export async function removeCreatedFolders(path: string, created: string | undefined): Promise<void> {
  if (created === undefined) return;
  for (let folder = dirname(path); folder.startsWith(created); folder = dirname(folder)) {
    try {
      await rmdir(folder);
    } catch {
      return; // Another process added something: not ours to remove.
    }
  }
}
