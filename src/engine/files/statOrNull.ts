import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fileFailure } from '../../core/message/fileFailure.ts';

/**
 * Null if there is no such file.
 * @throws FailureError for any other reason
 */
export async function statOrNull(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    const failure = fileFailure(error, path);
    if (failure.failure.code === 'not-found') return null;
    throw failure;
  }
}
