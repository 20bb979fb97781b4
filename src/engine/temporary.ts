import { mkdtempSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '../core/report/failure.ts';
import { message } from '../core/report/message.ts';

const PREFIX = 'recsample-engine-';

/**
 * Makes the temporary folder of this process below `root`. The process id in its name says who owns it.
 * @throws FailureError `no-permission` or `disk-full` where it cannot be made
 */
export function makeTemporaryFolder(root: string): string {
  try {
    return mkdtempSync(join(root, `${PREFIX}${process.pid}-`));
  } catch (error) {
    const full = error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
    throw fail(full ? 'disk-full' : 'no-permission', message('Temporary files cannot be made in this folder'), {
      place: { path: root },
      cause: String(error),
      advice: message(
        'Set {0} to a folder with room that you may write to.',
        process.platform === 'win32' ? 'TEMP' : 'TMPDIR',
      ),
    });
  }
}

/** Removes the folders of processes that are gone: one that was killed could not remove its own. */
export async function removeAbandonedFolders(root: string): Promise<void> {
  for (const path of await abandonedPaths(root, PREFIX))
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
}

/**
 * Absolute paths of what processes that are gone left in a folder: names of the prefix and the id of the process. No links: no process of
 * ours makes one.
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
    // Not ours to signal, but there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
