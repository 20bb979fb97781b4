import type { LogicalType } from '../table/type.ts';
import { duckdbFunctions } from './duckdbFunctions.ts';
import { quoteIdentifier, quoteLiteral } from './duckdbQuotes.ts';
import type { ViewDialect } from './viewDialect.ts';
import { filePattern, type ViewedFiles } from './viewedFiles.ts';

/** Views as SQL of DuckDB 1.3 or newer. */
export const duckdbView: ViewDialect = {
  label: 'DuckDB',
  identifier: quoteIdentifier,
  text: quoteLiteral,
  field: (struct, name) => `${struct}.${quoteIdentifier(name)}`,
  type,
  constant: ({ kind }, value) => (kind === 'binary' ? `from_hex(hex(${quoteLiteral(value)}))` : null),
  inUtc: (sql) => `(${sql} AT TIME ZONE 'UTC')`,
  like: ({ anyCase, negated }, operand, pattern) =>
    anyCase
      ? `lower(${operand}) ${negated ? 'NOT ' : ''}LIKE lower(${pattern})`
      : `${operand} ${negated ? 'NOT ' : ''}LIKE ${pattern}`,
  tryArithmetic: (sql) => `TRY(${sql})`,
  call: (name, sql, args) => duckdbFunctions[name](sql, args),
  source: (files) => ({ from: source(files), setup: [] }),
  utcSession: [],
};

function type(of: LogicalType): string {
  switch (of.kind) {
    case 'integer':
      return `${of.signed ? '' : 'U'}${{ 8: 'TINYINT', 16: 'SMALLINT', 32: 'INTEGER', 64: 'BIGINT', 128: 'HUGEINT' }[of.bits]}`;
    case 'float':
      return of.bits === 32 ? 'FLOAT' : 'DOUBLE';
    case 'decimal':
      return `DECIMAL(${of.precision}, ${of.scale})`;
    case 'timestamp':
      return of.zoned ? 'TIMESTAMPTZ' : of.unit === 'ns' ? 'TIMESTAMP_NS' : 'TIMESTAMP';
    case 'list':
      return `${type(of.item)}[]`;
    case 'struct':
      return `STRUCT(${of.fields.map((field) => `${quoteIdentifier(field.name)} ${type(field.type)}`).join(', ')})`;
    case 'map':
      return `MAP(${type(of.key)}, ${type(of.value)})`;
    case 'boolean':
    case 'uuid':
    case 'date':
    case 'time':
    case 'json':
      return of.kind.toUpperCase();
    case 'binary':
      return 'BLOB';
    default:
      return 'VARCHAR';
  }
}

function source(files: ViewedFiles): string {
  const { format, columns, text: syntax } = files;
  const partitions = columns.filter(({ partition }) => partition);
  const typesByName = (list: typeof columns): string =>
    `{${list.map((column) => `${quoteLiteral(column.name)}: ${quoteLiteral(type(column.type))}`).join(', ')}}`;
  const stored = typesByName(columns.filter(({ partition }) => !partition));
  const { isFile, root, ending } = filePattern(files);
  // The real path may contain characters that are wildcards in a pattern.
  const escapedRoot = root.replace(/[*?[]/g, '[$&]');
  const options = [
    quoteLiteral(isFile ? escapedRoot : ending === null ? root : `${escapedRoot}/**/*${ending}`),
    ...(partitions.length === 0
      ? []
      : [
          'hive_partitioning = true',
          `hive_types = {${partitions.map((column) => `${quoteLiteral(column.name)}: ${type(column.type)}`).join(', ')}}`,
        ]),
  ];
  switch (format) {
    case 'parquet':
      return `read_parquet(${[...options, ...(isFile ? [] : ['union_by_name = true'])].join(', ')})`;
    case 'csv':
    case 'tsv':
      return `read_csv(${[
        ...options,
        `delim = ${quoteLiteral(syntax?.delimiter ?? ',')}`,
        `quote = ${quoteLiteral(syntax?.quote ?? '"')}`,
        `header = ${String(syntax?.header ?? true)}`,
        'allow_quoted_nulls = false',
        // Several files may have the same columns in different orders.
        ...(isFile || syntax?.header === false
          ? [`columns = ${stored}`]
          : [`types = ${stored}`, 'union_by_name = true']),
      ].join(', ')})`;
    case 'jsonl':
      return `read_json(${[...options, `format = 'newline_delimited'`, `columns = ${stored}`].join(', ')})`;
    case 'arrow':
      return 'arrow_table';
  }
}
