import type { Notice } from '../../core/table/dataset.ts';
import type { Connections, Work } from '../database/connections.ts';
import type { FileSet, SourceFile } from '../files/fileSet.ts';
import { fingerprintOf } from '../files/fingerprint.ts';
import { mapFiles } from '../files/mapFiles.ts';
import { checkFooter } from '../parquet/checkFooter.ts';
import { fromFooter } from './fromFooter.ts';
import { checkTimes, type CheckedFile } from './parquetTimes.ts';
import { readShapes } from './readShapes.ts';
import { message } from '../../core/message/message.ts';
import { valueAt } from '../../core/valueAt.ts';
import { numberIn } from '../database/numberIn.ts';
import { fileList } from './fileList.ts';

/** Contents of the footers of a data set, by file. */
interface ParquetFooters {
  readonly rows: readonly number[];
  readonly files: readonly CheckedFile[];
  readonly counts: readonly Notice[];
}

/** Most files whose footers are kept: about 1 kB each. */
const MAX_FILES = 20_000;
const MAX_SETS = 64;

/** Cached footers by path and state of the files; the least recently used entries come first. */
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
    if (old !== key && (files > MAX_FILES || k >= MAX_SETS)) known.delete(old);
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

/**
 * Number of rows of each Parquet file, from its row groups, because these are read. A warning names files whose footer
 * has another number. Files are counted one by one only if the totals differ.
 */
async function rowCounts(
  connections: Connections,
  files: readonly SourceFile[],
  work: Work,
): Promise<{ rows: number[]; notices: Notice[] }> {
  const list = fileList(files);
  const [footers, [total]] = await Promise.all([
    connections.rows(`SELECT num_rows FROM parquet_file_metadata(${list})`, work),
    connections.rows(`SELECT count(*) FROM read_parquet(${list}, hive_partitioning = false)`, work),
  ]);
  const claimed = files.map((_, k) => numberIn(footers[k]));
  if (claimed.reduce((sum, rows) => sum + rows, 0) === Number(total?.[0])) return { rows: claimed, notices: [] };
  const groups = await connections.rows(
    `SELECT file_index, count(*) FROM read_parquet(${list}, hive_partitioning = false) GROUP BY file_index`,
    work,
  );
  const held = new Map(groups.map(([index, rows]) => [Number(index), Number(rows)]));
  const rows = files.map((_, k) => held.get(k) ?? 0);
  return { rows, notices: files.flatMap((file, k) => noticeOf(file, valueAt(claimed, k), valueAt(rows, k))) };
}

function noticeOf({ path }: SourceFile, claimed: number, held: number): Notice[] {
  if (claimed === held) return [];
  const text = message(
    '{0}: the footer says {1} rows, but the row groups contain {2}. The rows of the row groups are read',
    path,
    claimed,
    held,
  );
  return [{ severity: 'warning', code: 'counts-differ', message: text }];
}
