import { randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import { lstat, readdir, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { lockEnding } from '../../core/sampling/placement.ts';
import { cancelled } from '../../core/queue/cancelled.ts';
import type { Work } from '../database/connections.ts';
import { digestFile } from './digestFiles.ts';
import { abandonedPaths } from './temporary.ts';
import { readRegular } from './namedPath.ts';

/**
 * Prefix of unfinished output next to its final path. The host name follows, because folders are shared and process ids
 * are unique only per machine.
 */
const prefix = `.recsample-unfinished-${hostname()}-`;
/** A folder inside the unfinished one. It holds the files that the new ones replace, under their original names. */
export const replacedName = 'replaced';

/**
 * A folder inside the unfinished one. It holds complete folders while they are moved to their places. It exists only
 * when all of them are complete.
 */
export const readyName = 'ready';

/** A new path in a folder for unfinished output of this process. */
export function unfinishedPath(parent: string): string {
  return join(parent, `${prefix}${process.pid}-${randomUUID()}`);
}

/**
 * Recovers what killed processes left in a folder. A file gets back its matching lock file, the old or the new one. A
 * folder that was moved away and not replaced is moved back. If complete folders were being moved, the moves are
 * completed. Then the unfinished folders are removed.
 * @throws FailureError `cancelled`: the next run completes the recovery
 */
export async function recoverUnfinished(parent: string, { signal }: Pick<Work, 'signal'> = {}): Promise<void> {
  for (const unfinished of await abandonedPaths(parent, prefix)) {
    // What cannot be moved back stays where it is.
    await recover(unfinished, parent, { signal })
      .then(() => rm(unfinished, { recursive: true, force: true }))
      .catch(() => undefined);
    if (signal?.aborted === true) throw cancelled();
  }
}

async function recover(unfinished: string, parent: string, work: Pick<Work, 'signal'>): Promise<void> {
  const replaced = join(unfinished, replacedName);
  // RecSample never creates a link here. Following a link would move files of another folder.
  if ((await statusOf(replaced))?.isSymbolicLink() === true) return;
  await moveReady(unfinished, replaced, parent);
  const folders: string[] = [];
  const locks = new Set<string>();
  for (const name of await namesIn(replaced)) {
    if ((await statusOf(join(replaced, name)))?.isDirectory() === true) folders.push(name);
    else if (name.endsWith(lockEnding)) locks.add(name);
  }
  for (const name of await namesIn(unfinished)) if (name.endsWith(lockEnding)) locks.add(name);
  for (const name of folders)
    if ((await statusOf(join(parent, name))) === undefined) await rename(join(replaced, name), join(parent, name));
  for (const name of locks) await recoverLock(name, [join(replaced, name), join(unfinished, name)], parent, work);
}

/** Completes the moves of complete folders, so that a reader finds all of them or none. */
async function moveReady(unfinished: string, replaced: string, parent: string): Promise<void> {
  const ready = join(unfinished, readyName);
  if ((await statusOf(ready))?.isDirectory() !== true) return;
  for (const name of (await namesIn(ready)).sort()) {
    const place = join(parent, name);
    if ((await statusOf(place)) !== undefined) await rename(place, join(replaced, name));
    await rename(join(ready, name), place);
  }
}

/** The digest of the existing file decides which lock file belongs to it. */
async function recoverLock(
  name: string,
  candidates: readonly string[],
  parent: string,
  work: Pick<Work, 'signal'>,
): Promise<void> {
  const file = join(parent, name.slice(0, -lockEnding.length));
  const place = join(parent, name);
  if ((await statusOf(place)) !== undefined || (await statusOf(file))?.isFile() !== true) return;
  const { sha256 } = await digestFile(file, work);
  for (const candidate of candidates) {
    if ((await lockedDigest(candidate)) !== sha256) continue;
    await rename(candidate, place);
    return;
  }
}

async function lockedDigest(path: string): Promise<string | undefined> {
  try {
    return (JSON.parse(await readRegular(path)) as { readonly output?: { readonly sha256?: string } }).output?.sha256;
  } catch {
    return undefined;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return await readdir(folder).catch(() => []);
}

async function statusOf(path: string): Promise<Stats | undefined> {
  return await lstat(path).catch(() => undefined);
}
