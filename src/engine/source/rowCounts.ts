import { message } from '../../core/message/message.ts';
import type { Notice } from '../../core/table/dataset.ts';
import { valueAt } from '../../core/valueAt.ts';
import type { Connections, Work } from '../database/connections.ts';
import { numberIn } from '../database/numberIn.ts';
import type { SourceFile } from '../files/fileSet.ts';
import { fileList } from './fileList.ts';

/**
 * Number of rows of each Parquet file, from its row groups, because these are read. A warning names files whose footer
 * has another number. Files are counted one by one only if the totals differ.
 */
export async function rowCounts(
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
