import { after, before } from 'node:test';
import { Reference } from './reference.ts';
import { WorldFiles } from './worldFiles.ts';

/** Why tests against the reference cannot run here; false if they can. */
export const skip = process.env['RECSAMPLE_PYTHON'] === '' ? 'python3 of 3.11 or newer is not on PATH' : false;

/**
 * Writes worlds as files for the engine and starts the Python reference, for the tests of a file. Both are ready once
 * the tests run.
 */
export function bothEngines(): { readonly files: () => WorldFiles; readonly reference: () => Reference } {
  let files: WorldFiles;
  let reference: Reference;
  before(async () => {
    files = await WorldFiles.open();
    if (skip === false) reference = new Reference();
  });
  after(async () => {
    files.close();
    if (skip === false) await reference.close();
  });
  return { files: () => files, reference: () => reference };
}
