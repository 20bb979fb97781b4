import { mkdtempSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';

const PREFIX = 'recsample-engine-';

/**
 * Creates the temporary folder of this process below `root`. Its name contains the process id of the owner.
 * @throws FailureError `no-permission` or `disk-full` if it cannot be created
 */
export function makeTemporaryFolder(root: string): string {
  try {
    return mkdtempSync(join(root, `${PREFIX}${process.pid}-`));
  } catch (error) {
    const full = error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
    throw fail(full ? 'disk-full' : 'no-permission', message('Temporary files cannot be created in this folder'), {
      place: { path: root },
      cause: String(error),
      advice: message(
        'Set {0} to a folder with free space that you can write to.',
        process.platform === 'win32' ? 'TEMP' : 'TMPDIR',
      ),
    });
  }
}

/** Removes the folders of processes that no longer exist. A killed process could not remove its folder. */
export async function removeAbandonedFolders(root: string): Promise<void> {
  for (const path of await abandonedPaths(root, PREFIX))
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
}

/**
 * Absolute paths that ended processes left in a folder. Their names begin with the prefix and the process id. Links are
 * ignored, because RecSample never creates one.
 */
export async function abandonedPaths(root: string, prefix: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => {
      const pid = entry.name.startsWith(prefix) ? Number.parseInt(entry.name.slice(prefix.length), 10) : NaN;
      return pid > 0 && !entry.isSymbolicLink() && !isAlive(pid);
    })
    .map(({ name }) => join(root, name));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process belongs to another user, but it exists.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
