import { open } from 'node:fs/promises';

/** Flushes a file to the disk. A file that is renamed before this may be empty after a crash. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Flushes the names in a folder. Windows cannot open folders, and some file systems do not support this; failures are
 * ignored.
 */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close().catch(() => undefined);
}
