import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { syncFile } from '../engine/files/durable.ts';
import { unfinishedPath } from '../engine/files/unfinished.ts';
import { writeFailure } from '../engine/files/writeFailure.ts';

/** Replaces a file as a whole: readers see the old or the new one. @throws FailureError if it cannot be written */
export async function replaceFile(file: string, text: string): Promise<void> {
  const folder = path.dirname(file);
  const unfinished = unfinishedPath(folder);
  try {
    await writeFile(unfinished, text, { flag: 'wx' });
    await syncFile(unfinished);
    await rename(unfinished, file);
  } catch (error) {
    // This fails again if the folder is a file or a loop of links.
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw writeFailure(error, folder);
  }
}
