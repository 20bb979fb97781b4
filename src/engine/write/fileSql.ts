import { holdsKind } from '../../core/table/holdsKind.ts';
import type { DuckDBType } from '@duckdb/node-api';
import { hasArrowType } from '../../core/table/arrowFile.ts';
import type { LogicalType } from '../../core/table/type.ts';
import type { SampleFormat } from '../../protocol/sampling.ts';
import { logicalType } from '../database/logicalType.ts';
import { exactText } from '../sql/cellText.ts';
import { quoteLiteral } from '../sql/quote.ts';

/** SQL that converts a column to what a format can hold. `finite`: its numbers are known to be finite. */
type FileSql = (column: string, type: DuckDBType, finite: boolean) => string;

const formats: { readonly [F in SampleFormat]: FileSql } = {
  parquet: exactNumber,
  csv: (column, type) => withTexts(exactNumber(column, type), logicalType(type), times),
  jsonl: (column, type, finite) =>
    withTexts(exactNumber(column, type), logicalType(type), finite ? times : { ...times, ...floats }),
  arrow: (column, type) => {
    const exact = exactNumber(column, type);
    return exact !== column || hasArrowType(logicalType(type)) ? exact : exactText(column, logicalType(type));
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

/** SQL of the text of a value. */
type TextSql = (sql: string, type: LogicalType) => string;
type Texts = { readonly [K in LogicalType['kind']]?: TextSql };

/** DuckDB writes the ends of 64 bits as infinite, and zoned timestamps near them with other digits. */
const times: Texts = { timestamp: exactText };

/** JSON has no numbers for infinite values and NaN. They become the texts "inf", "-inf" and "nan". */
const floats: Texts = {
  float: (sql) =>
    `CAST(CASE WHEN isfinite(${sql}) THEN CAST(${sql} AS VARCHAR) ELSE '"' || CAST(${sql} AS VARCHAR) || '"' END AS JSON)`,
};

/** SQL of a value with the texts of the given kinds, at every depth. `depth` keeps nested lambda names distinct. */
function withTexts(sql: string, type: LogicalType, texts: Texts, depth = 0): string {
  if (!(Object.keys(texts) as LogicalType['kind'][]).some((kind) => holdsKind(type, kind))) return sql;
  const item = `v${depth}`;
  switch (type.kind) {
    case 'list':
      return `list_transform(${sql}, lambda ${item}: ${withTexts(item, type.item, texts, depth + 1)})`;
    case 'struct': {
      const fields = type.fields.map(
        ({ name, type: own }) =>
          `${quoteLiteral(name)}: ${withTexts(`struct_extract(${sql}, ${quoteLiteral(name)})`, own, texts, depth)}`,
      );
      return `CASE WHEN ${sql} IS NOT NULL THEN {${fields.join(', ')}} END`;
    }
    case 'map': {
      // A key is always written as text, so numbers of keys stay numbers here.
      const keys = withTexts(`map_keys(${sql})`, { kind: 'list', item: type.key }, times, depth);
      const values = withTexts(`map_values(${sql})`, { kind: 'list', item: type.value }, texts, depth);
      return `CASE WHEN ${sql} IS NOT NULL THEN map(${keys}, ${values}) END`;
    }
    default:
      return texts[type.kind]?.(sql, type) ?? sql;
  }
}
