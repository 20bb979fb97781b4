import { open } from 'node:fs/promises';

/** Waits until the disk itself holds a file: one that is renamed before may be empty after a crash. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The same of the names in a folder. Windows opens no folders, and some file systems know no such thing: their names are as safe as they get. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close().catch(() => undefined);
}
