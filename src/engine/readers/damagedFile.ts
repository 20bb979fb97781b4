import type { Connections, Work } from '../database/connections.ts';
import type { FileSet } from '../files/fileSet.ts';
import { readers } from './readers.ts';

/**
 * The path of the first file of a set with unreadable values. Undefined if all values can be read, or if reading the
 * format reports the file anyway. Reads the files one by one, so use it only to locate known damage.
 */
export async function damagedFile(
  connections: Connections,
  { format, files }: FileSet,
  work: Work,
): Promise<string | undefined> {
  const reader = readers[format];
  if (!reader.readAll) return undefined;
  for (const file of files) {
    try {
      await reader.readAll(connections, file, work);
    } catch (error) {
      if (work.signal?.aborted) throw error;
      return file.path;
    }
  }
  return undefined;
}
