import { open } from 'node:fs/promises';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { fileFailure } from '../../core/message/fileFailure.ts';
import type { SourceFile } from '../files/fileSet.ts';
import { footerOf } from '../parquet/joinedParquet.ts';

/**
 * Reads the footer of a Parquet file.
 * @param read throws RangeError if it is not a footer
 * @throws FailureError `corrupt` with the path
 */
export async function fromFooter<T>({ path, realPath }: SourceFile, read: (footer: Uint8Array) => T): Promise<T> {
  try {
    const file = await open(realPath, 'r');
    try {
      return read((await footerOf(file)).footer);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw fileFailure(error, path);
    throw fail('corrupt', message('The file is damaged: {0}', message('its metadata is not valid')), {
      place: { path },
      advice: message('Copy or write the file again.'),
    });
  }
}
