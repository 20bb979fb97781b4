import { holdsKind } from '../../../core/table/holdsKind.ts';
import type { DuckDBType } from '@duckdb/node-api';
import { inArrow } from '../../../core/table/arrowFile.ts';
import type { LogicalType } from '../../../core/table/type.ts';
import type { SampleFormat } from '../../../protocol/sampling.ts';
import { logicalType } from '../../database/logicalType.ts';
import { exactText } from '../../sql/cellText.ts';
import { quoteLiteral } from '../../sql/quote.ts';

/** SQL that converts a column to what a format can hold. `finite`: its numbers are known to be finite. */
type FileSql = (column: string, type: DuckDBType, finite: boolean) => string;

const formats: { readonly [F in SampleFormat]: FileSql } = {
  parquet: exactNumber,
  csv: (column, type) =>
    logicalType(type).kind === 'timestamp' ? exactText(column, logicalType(type)) : exactNumber(column, type),
  jsonl: (column, type, finite) =>
    finite && !holdsKind(logicalType(type), 'timestamp')
      ? exactNumber(column, type)
      : jsonValues(exactNumber(column, type), logicalType(type), 0),
  arrow: (column, type) => {
    const exact = exactNumber(column, type);
    return exact !== column || inArrow(logicalType(type)) ? exact : exactText(column, logicalType(type));
  },
};

export function fileSql(format: SampleFormat): FileSql {
  return formats[format];
}

/** DuckDB writes an ENUM as text without processing each value; false for formats whose writer gets the ENUM itself. */
const writesEnums: { readonly [F in SampleFormat]: boolean } = {
  parquet: true,
  arrow: false,
  csv: false,
  jsonl: false,
};

/** SQL type of a column with few different texts. */
export function textType(format: SampleFormat, texts: readonly string[]): string {
  return writesEnums[format] ? `ENUM(${[...new Set(texts)].map(quoteLiteral).join(', ')})` : 'VARCHAR';
}

/** DuckDB writes 128-bit integers to files as floating-point numbers, which loses digits. */
function exactNumber(column: string, type: DuckDBType): string {
  const name = type.toString();
  return /U?HUGEINT/.test(name) ? `CAST(${column} AS ${name.replaceAll(/U?HUGEINT/g, 'DECIMAL(38, 0)')})` : column;
}

/**
 * JSON has no numbers for infinite values and NaN. They become the texts "inf", "-inf" and "nan". Timestamps are text,
 * because DuckDB writes the ends of 64 bits as infinite.
 */
function jsonValues(sql: string, type: LogicalType, depth: number): string {
  if (!holdsKind(type, 'float') && !holdsKind(type, 'timestamp')) return sql;
  const item = `v${depth}`;
  switch (type.kind) {
    case 'float':
      return `CAST(CASE WHEN isfinite(${sql}) THEN CAST(${sql} AS VARCHAR) ELSE '"' || CAST(${sql} AS VARCHAR) || '"' END AS JSON)`;
    case 'timestamp':
      return exactText(sql, type);
    case 'list':
      return `list_transform(${sql}, lambda ${item}: ${jsonValues(item, type.item, depth + 1)})`;
    case 'struct': {
      const fields = type.fields.map(
        ({ name, type: own }) =>
          `${quoteLiteral(name)}: ${jsonValues(`struct_extract(${sql}, ${quoteLiteral(name)})`, own, depth)}`,
      );
      return `CASE WHEN ${sql} IS NOT NULL THEN {${fields.join(', ')}} END`;
    }
    case 'map':
      return `CASE WHEN ${sql} IS NOT NULL THEN map(map_keys(${sql}), list_transform(map_values(${sql}), lambda ${item}: ${jsonValues(item, type.value, depth + 1)})) END`;
    default:
      return sql;
  }
}
