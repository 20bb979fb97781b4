import type { DuckDBValue } from '@duckdb/node-api';
import type { FileFacts } from '../../core/table/dataset.ts';
import type { Connections, Work } from '../database/connections.ts';
import type { SourceFile } from '../files/fileSet.ts';
import { FACT_LIMITS, fileEntries, keyValue } from './fileEntries.ts';
import { fileList } from './fileList.ts';
import { parquetMetadata, type FooterFile } from './parquetMetadata.ts';

/** Storage facts of all files, read only from their footers. */
export async function parquetFacts(
  connections: Connections,
  files: readonly (SourceFile & FooterFile & { readonly rows: number })[],
  partitionColumns: readonly string[],
  work: Work,
): Promise<FileFacts> {
  const list = fileList(files);
  const metadata = parquetMetadata(files);
  const index = new Map(files.map((f, k) => [f.realPath, k]));
  const about = await connections.rows(`SELECT created_by, format_version FROM parquet_file_metadata(${list})`, work);
  const groups = await connections.rows(
    `SELECT file_name, row_group_id, any_value(row_group_num_rows), sum(total_compressed_size), sum(total_uncompressed_size) FROM ${metadata} GROUP BY ALL ORDER BY file_name, row_group_id`,
    work,
  );
  const columns = await connections.rows(
    `SELECT path_in_schema, any_value(type), list_sort(list_distinct(list(compression))), list_sort(list_distinct(flatten(list(string_split(encodings, ', '))))), sum(total_compressed_size), sum(total_uncompressed_size), bool_and(coalesce(stats_min_value, stats_min) IS NOT NULL OR stats_null_count = num_values), min(column_id) FROM ${metadata} GROUP BY path_in_schema ORDER BY min(column_id), path_in_schema`,
    work,
  );
  const pairs = await connections.rows(
    `SELECT DISTINCT ON (key, value) ${text('key')}, ${text('value')} FROM parquet_kv_metadata(${list}) ORDER BY key, value`,
    work,
  );
  const distinct = (values: DuckDBValue[]): string =>
    [...new Set(values.map((v) => (v === null ? '' : v.toString())))].join('; ');
  return {
    files: fileEntries(files),
    partitionColumns,
    parquet: {
      createdBy: distinct(about.map((r) => r[0] ?? null)),
      version: distinct(about.map((r) => r[1] ?? null)),
      rowGroups: {
        total: groups.length,
        list: groups
          .map((r) => ({
            file: index.get(String(r[0])) ?? 0,
            index: Number(r[1]),
            rows: Number(r[2]),
            compressedBytes: Number(r[3]),
            uncompressedBytes: Number(r[4]),
          }))
          .sort((a, b) => a.file - b.file || a.index - b.index)
          .slice(0, FACT_LIMITS.rowGroups),
      },
      columns: {
        total: columns.length,
        list: columns.slice(0, FACT_LIMITS.columns).map((r) => ({
          name: String(r[0]),
          physicalType: String(r[1]),
          codecs: names(r[2]),
          encodings: names(r[3]),
          compressedBytes: Number(r[4]),
          uncompressedBytes: Number(r[5]),
          statistics: r[6] === true,
        })),
      },
      keyValues: {
        total: pairs.length,
        list: pairs.slice(0, FACT_LIMITS.keyValues).map(([key, value]) => keyValue(String(key), String(value))),
      },
    },
    arrow: null,
    text: null,
  };
}

/**
 * SQL of bytes as text. A plain cast would escape every quote and every Chinese character; it is used only for invalid
 * UTF-8.
 */
function text(column: string): string {
  return `coalesce(TRY(decode(${column})), CAST(${column} AS VARCHAR))`;
}

function names(value: unknown): string[] {
  const items =
    typeof value === 'object' && value !== null && 'items' in value && Array.isArray(value.items) ? value.items : [];
  return [...new Set(items.map((v: unknown) => String(v)).filter((v) => v !== ''))];
}
