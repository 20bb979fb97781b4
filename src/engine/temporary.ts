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
      place: { path: root }, cause: String(error), advice: message('Set {0} to a folder with room that you may write to.', process.platform === 'win32' ? 'TEMP' : 'TMPDIR'),
    });
  }
}

/** Removes the folders of processes that are gone: one that was killed could not remove its own. Their names go on with the id of the process. */
export async function removeAbandonedFolders(root: string, prefix = PREFIX): Promise<void> {
  for (const name of await readdir(root).catch(() => [])) {
    const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : NaN;
    if (pid > 0 && !isAlive(pid)) await rm(join(root, name), { recursive: true, force: true }).catch(() => undefined);
  }
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
