import type { FileSet } from '../files/discover.ts';
import { quoteLiteral } from '../sql/quote.ts';
import type { Connections, Work } from './connections.ts';

/**
 * The path of the first Parquet file of a set with unreadable values. Undefined if all values can be read, or if the
 * files are text. Reads the files one by one, so use it only to locate known damage.
 */
export async function damagedFile(
  connections: Connections,
  { format, files }: FileSet,
  work: Work,
): Promise<string | undefined> {
  if (format !== 'parquet') return undefined;
  for (const { path, realPath } of files) {
    try {
      await connections.rows(
        `SELECT bit_xor(hash(*COLUMNS(*))) FROM read_parquet(${quoteLiteral(realPath)}, hive_partitioning = false)`,
        work,
      );
    } catch (error) {
      if (work.signal?.aborted) throw error;
      return path;
    }
  }
  return undefined;
}
