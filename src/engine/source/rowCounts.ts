import { message } from '../../core/report/message.ts';
import type { Notice } from '../../core/table/dataset.ts';
import type { Connections, Work } from '../database/connections.ts';
import type { SourceFile } from '../files/discover.ts';
import { quoteLiteral } from '../sql/quote.ts';

/** Rows of each Parquet file: those of its row groups, which are what is read. A warning names files whose footer says another number. */
export async function rowCounts(connections: Connections, files: readonly SourceFile[], work: Work): Promise<{ rows: number[]; notices: Notice[] }> {
  const list = `[${files.map((f) => quoteLiteral(f.realPath)).join(', ')}]`;
  const [footers, groups] = await Promise.all([
    connections.rows(`SELECT num_rows FROM parquet_file_metadata(${list})`, work),
    connections.rows(`SELECT file_name, sum(row_group_num_rows) FROM parquet_metadata(${list}) WHERE column_id = 0 GROUP BY file_name`, work),
  ]);
  const held = new Map(groups.map(([name, rows]) => [String(name), Number(rows)]));
  const rows = files.map((file) => held.get(file.realPath) ?? 0);
  const notices = files.flatMap((file, k): Notice[] => {
    const said = Number(footers[k]?.[0] ?? 0);
    return said === rows[k] ? [] : [{ severity: 'warning', code: 'counts-differ', message: message('{0}: the footer says {1} rows, but its row groups hold {2}; these are read', file.path, said, rows[k] ?? 0) }];
  });
  return { rows, notices };
}
