import type { SourceFile } from '../files/fileSet.ts';
import { quoteLiteral } from '../sql/quote.ts';
import { fileList } from './fileList.ts';

/** A file, with the copy of its footer that DuckDB can read, if it cannot read the footer of the file. */
export type FooterFile = Pick<SourceFile, 'realPath'> & { readonly footerPath?: string };

/**
 * SQL of DuckDB's metadata of Parquet files: a row per column of each row group. `file_name` is the resolved path.
 * The only place that reads it: for some values DuckDB fails, or ends the process, before a query sees a row.
 */
export function parquetMetadata(files: readonly FooterFile[]): string {
  const copied = files.flatMap(({ realPath, footerPath }) =>
    footerPath === undefined ? [] : [{ realPath, footerPath }],
  );
  const list = fileList(files.map(({ realPath, footerPath }) => ({ realPath: footerPath ?? realPath })));
  if (copied.length === 0) return `parquet_metadata(${list})`;
  const own = copied.map(({ realPath, footerPath }) => `${quoteLiteral(footerPath)}: ${quoteLiteral(realPath)}`);
  return `(SELECT * REPLACE (coalesce(MAP {${own.join(', ')}}[file_name], file_name) AS file_name) FROM parquet_metadata(${list}))`;
}
