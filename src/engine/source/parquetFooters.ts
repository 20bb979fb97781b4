import type { Notice } from '../../core/table/dataset.ts';
import type { Connections, Work } from '../database/connections.ts';
import type { FileSet } from '../files/fileSet.ts';
import { fingerprintOf } from '../files/fingerprint.ts';
import { mapFiles } from '../files/mapFiles.ts';
import { checkFooter } from '../parquet/checkFooter.ts';
import { fromFooter } from './fromFooter.ts';
import { rowCounts } from './rowCounts.ts';
import { checkTimes, type CheckedFile } from './parquetTimes.ts';
import { readShapes } from './readShapes.ts';

/** What the footers of a data set say, by file. */
interface ParquetFooters {
  readonly rows: readonly number[];
  readonly files: readonly CheckedFile[];
  readonly counts: readonly Notice[];
}

/** Most files whose footers are kept: about 1 kB each. */
const MOST_FILES = 20_000;
const MOST_SETS = 64;

/** By path and state of the files; the least recently used ones come first. */
const known = new Map<string, ParquetFooters>();

/**
 * Reads the footers of all files. Every question opens its data sets again, in a DuckDB of its own, so the result is
 * kept until a file has another size or time.
 */
export async function parquetFooters(
  connections: Connections,
  path: string,
  set: FileSet,
  work: Work,
): Promise<ParquetFooters> {
  const key = JSON.stringify([
    path,
    fingerprintOf(set.files),
    set.files.map(({ path: shown }) => shown),
    set.partitionColumns,
  ]);
  const found = known.get(key) ?? (await readFooters(connections, set, work));
  known.delete(key);
  known.set(key, found);
  let files = 0;
  for (const [k, [old, { rows }]] of [...known].reverse().entries()) {
    files += rows.length;
    if (old !== key && (files > MOST_FILES || k >= MOST_SETS)) known.delete(old);
  }
  return found;
}

async function readFooters(
  connections: Connections,
  { files, partitionColumns }: FileSet,
  work: Work,
): Promise<ParquetFooters> {
  await mapFiles(files, async (file) => {
    await fromFooter(file, checkFooter);
  });
  const [counts, shapeOf] = await Promise.all([
    rowCounts(connections, files, work),
    readShapes(connections, files, partitionColumns, work),
  ]);
  return {
    rows: counts.rows,
    files: await checkTimes(files, files.map(shapeOf)),
    counts: counts.notices,
  };
}
