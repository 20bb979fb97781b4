import { typedFilter } from '../../core/table/condition.ts';
import type { GroupColumn, SkippedGroups } from '../../core/table/dataset.ts';
import type { Filter } from '../../core/table/filter.ts';
import type { LogicalType } from '../../core/table/type.ts';
import type { Connections, Work } from '../database/connections.ts';
import { numberIn } from '../database/numberIn.ts';
import type { SourceFile } from '../files/fileSet.ts';
import { mayMatch, type ColumnStatistics } from '../sql/mayMatch.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { FACT_LIMITS } from './fileEntries.ts';
import { parquetMetadata, type FooterFile } from './parquetMetadata.ts';
import type { ParquetShape } from './readShapes.ts';
import type { SourceColumn } from '../database/sourceColumn.ts';
import { exactCast } from './statisticCast.ts';

type ShapedFile = SourceFile & FooterFile & { readonly shape: ParquetShape };

/** The statistics of the columns of one row group, as the file has them. `index`: of the row group, from 0. */
export async function groupStatistics(
  connections: Connections,
  file: FooterFile,
  index: number,
  work: Work,
): Promise<{ readonly total: number; readonly list: readonly GroupColumn[] }> {
  // The ends of 64-bit timestamps are infinite for DuckDB, whatever their unit.
  const bound = (which: 'min' | 'max'): string =>
    `CASE WHEN type = 'INT64' THEN replace(coalesce(stats_${which}_value, stats_${which}), 'infinity', '9223372036854775807') ELSE coalesce(stats_${which}_value, stats_${which}) END`;
  const rows = await connections.rows(
    `SELECT path_in_schema, ${bound('min')}, ${bound('max')}, stats_null_count, num_values, total_compressed_size FROM ${parquetMetadata([file])} WHERE row_group_id = ${index} ORDER BY column_id`,
    work,
  );
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return {
    total: rows.length,
    list: rows.slice(0, FACT_LIMITS.columns).map((row) => ({
      name: String(row[0]),
      min: text(row[1]),
      max: text(row[2]),
      nulls: row[3] === null || row[3] === undefined ? null : Number(row[3]),
      values: numberIn(row, 4),
      compressedBytes: numberIn(row, 5),
    })),
  };
}

/** SQL of the row group with the most bytes in these columns, as `Source.largestRowGroup` says. */
export function largestRowGroup(files: readonly FooterFile[], columns: readonly string[]): string {
  const names = columns.map((column) => `(${quoteLiteral(column)})`).join(', ');
  // Paths of a nested column begin with its name.
  return `SELECT file_name, CAST(sum(bytes) AS DOUBLE), arg_max(name, bytes), CAST(max(bytes) AS DOUBLE), CAST(count(*) OVER () AS DOUBLE) FROM (
    SELECT file_name, row_group_id, name, sum(total_compressed_size + total_uncompressed_size) AS bytes
    FROM ${parquetMetadata(files)} JOIN (VALUES ${names}) n(name) ON path_in_schema = name OR starts_with(path_in_schema, name || ', ')
    GROUP BY ALL) GROUP BY file_name, row_group_id ORDER BY 2 DESC, 1, row_group_id LIMIT 1`;
}

/**
 * Row groups that readers skip for a filter, because the statistics or the folder of their file prove that no row matches.
 * This engine reads them all the same: some writers store wrong statistics.
 */
export async function skippedGroups(
  connections: Connections,
  files: readonly ShapedFile[],
  columns: readonly SourceColumn[],
  filter: Filter,
  work: Work,
): Promise<SkippedGroups> {
  const typed = typedFilter(filter, columns);
  const used: { readonly sql: string; readonly statistics: ColumnStatistics }[] = [];
  const known = new Map<string, ColumnStatistics | null>();
  const statisticsOf = (name: string): ColumnStatistics | null => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const column = columns.find((one) => one.name === name);
    const found = column === undefined ? null : selected(column, files, used.length);
    if (found) used.push(found);
    known.set(name, found?.statistics ?? null);
    return found?.statistics ?? null;
  };
  const matches = typed === null ? 'TRUE' : mayMatch(typed, statisticsOf, 'rows');
  const folders = files.map(
    (file, k) =>
      `(${[k, quoteLiteral(file.realPath), ...partitionNames(columns).map((name) => literal(file.partition[name]))].join(', ')})`,
  );
  const names = ['"@file"', '"@path"', ...partitionNames(columns).map((name) => quoteIdentifier(`@folder ${name}`))];
  const found = await connections.rows(
    `WITH folders(${names.join(', ')}) AS (VALUES ${folders.join(', ')}),
      groups AS (SELECT file_name, row_group_id, any_value(row_group_num_rows) AS rows${used.map(({ sql }) => `, ${sql}`).join('')} FROM ${parquetMetadata(files)} m JOIN folders ON file_name = "@path" GROUP BY file_name, row_group_id)
    SELECT "@file", row_group_id FROM groups JOIN folders ON file_name = "@path" WHERE NOT coalesce(${matches}, TRUE) ORDER BY ALL`,
    work,
  );
  return {
    total: found.length,
    list: found.slice(0, FACT_LIMITS.rowGroups).map((row) => ({ file: numberIn(row), index: numberIn(row, 1) })),
  };
}

function partitionNames(columns: readonly SourceColumn[]): string[] {
  return columns.filter(({ partition }) => partition).map(({ name }) => name);
}

const literal = (value: string | null | undefined): string =>
  value === null || value === undefined ? 'CAST(NULL AS VARCHAR)' : quoteLiteral(value);

/** SQL that selects the statistics of a column for each row group, and their names; null if files store it differently. */
function selected(
  column: SourceColumn,
  files: readonly ShapedFile[],
  k: number,
): { readonly sql: string; readonly statistics: ColumnStatistics } | null {
  const { name, type, partition } = column;
  const [min, max, nulls] = [`min${k}`, `max${k}`, `nulls${k}`];
  const names = { min, max, nulls };
  if (partition) {
    const value = `any_value(${quoteIdentifier(`@folder ${name}`)})`;
    return {
      sql: `${value} AS ${min}, ${value} AS ${max}, CASE WHEN ${value} IS NULL THEN any_value(row_group_num_rows) ELSE 0 END AS ${nulls}`,
      statistics: { ...names, isExact: true, hasNan: false },
    };
  }
  const stored = new Set(files.map(({ shape }) => shape.paths.get(name)));
  const types = new Set(files.map(({ shape }) => shape.byName.get(name)?.sqlType));
  const [own] = stored;
  const cast = castOf(type);
  if (stored.size !== 1 || types.size !== 1 || own === undefined || cast === null) return null;
  const isOwn = `path_in_schema = ${quoteLiteral(own)}`;
  // The old statistics of texts compare signed bytes.
  const of = (which: 'min' | 'max'): string =>
    cast(type.kind === 'string' ? `stats_${which}_value` : `coalesce(stats_${which}_value, stats_${which})`);
  return {
    sql: `any_value(${of('min')}) FILTER (WHERE ${isOwn}) AS ${min}, any_value(${of('max')}) FILTER (WHERE ${isOwn}) AS ${max}, any_value(stats_null_count) FILTER (WHERE ${isOwn}) AS ${nulls}`,
    statistics: { ...names, isExact: type.kind !== 'string', hasNan: type.kind === 'float' },
  };
}

function castOf(type: LogicalType): ((text: string) => string) | null {
  return type.kind === 'string' ? (text) => text : exactCast(type);
}
