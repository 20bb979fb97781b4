import type { LogicalType } from '../table/type.ts';
import { named, type ViewDialect, type WriteCall } from './viewDialect.ts';
import { filePattern, type ViewedFiles } from './viewedFiles.ts';

const text = (value: string): string => {
  // DuckDB reads SQL as a C string, so everything after a NUL would be cut off.
  const parts = value.split('\0').map((part) => `'${part.replaceAll("'", "''")}'`);
  return parts.length === 1 ? (parts[0] ?? "''") : `(${parts.join(' || chr(0) || ')})`;
};
const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const tried =
  (name: string): WriteCall =>
  (sql) =>
    `TRY(${name}(${sql.join(', ')}))`;
const unlessWhole =
  (name: string): WriteCall =>
  (sql, args) =>
    args[0]?.type.kind === 'integer' ? (sql[0] ?? '') : named(name)(sql, args);

/** Views as SQL of DuckDB 1.3 or newer. */
export const duckdbView: ViewDialect = {
  label: 'DuckDB',
  identifier,
  text,
  type,
  constant: ({ kind }, value) => (kind === 'binary' ? `from_hex(hex(${text(value)}))` : null),
  inUtc: (sql) => `(${sql} AT TIME ZONE 'UTC')`,
  like: ({ anyCase, negated }, operand, pattern) =>
    anyCase
      ? `lower(${operand}) ${negated ? 'NOT ' : ''}LIKE lower(${pattern})`
      : `${operand} ${negated ? 'NOT ' : ''}LIKE ${pattern}`,
  tried: (sql) => `TRY(${sql})`,
  functions: {
    lower: named('lower'),
    upper: named('upper'),
    trim: named('trim'),
    length: named('len'),
    len: named('len'),
    substr: ([value = '', ...places]) =>
      `substr(${[value, ...places.map((place) => `TRY_CAST(${place} AS BIGINT)`)].join(', ')})`,
    contains: (sql, args) => named(args[0]?.type.kind === 'list' ? 'list_contains' : 'contains')(sql, args),
    starts_with: named('starts_with'),
    ends_with: named('ends_with'),
    replace: named('replace'),
    text: ([value = '']) => `CAST(${value} AS VARCHAR)`,
    abs: named('abs'),
    round: unlessWhole('round'),
    floor: unlessWhole('floor'),
    ceil: unlessWhole('ceil'),
    sqrt: tried('sqrt'),
    ln: tried('ln'),
    log10: tried('log10'),
    exp: named('exp'),
    is_nan: named('isnan'),
    date: ([value = '']) => `TRY_CAST(${value} AS DATE)`,
    year: named('year'),
    month: named('month'),
    day: named('day'),
    weekday: named('isodow'),
    hour: named('hour'),
    minute: named('minute'),
    second: named('second'),
    coalesce: named('coalesce'),
  },
  source: (files) => ({ from: source(files), before: [] }),
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
      return `STRUCT(${of.fields.map((field) => `${identifier(field.name)} ${type(field.type)}`).join(', ')})`;
    case 'map':
      return `MAP(${type(of.key)}, ${type(of.value)})`;
    case 'boolean':
    case 'uuid':
    case 'date':
    case 'time':
    case 'json':
      return of.kind.toUpperCase();
    default:
      return 'VARCHAR';
  }
}

function source(files: ViewedFiles): string {
  const { format, columns, text: written } = files;
  const partitions = columns.filter(({ partition }) => partition);
  const named = (list: typeof columns): string =>
    `{${list.map((column) => `${text(column.name)}: ${text(type(column.type))}`).join(', ')}}`;
  const stored = named(columns.filter(({ partition }) => !partition));
  const { isFile, root, ending } = filePattern(files);
  // The folders of a pattern have no wildcards of their own.
  const literally = root.replace(/[*?[]/g, '[$&]');
  const options = [
    text(isFile ? literally : ending === null ? root : `${literally}/**/*${ending}`),
    ...(partitions.length === 0
      ? []
      : [
          'hive_partitioning = true',
          `hive_types = {${partitions.map((column) => `${text(column.name)}: ${type(column.type)}`).join(', ')}}`,
        ]),
  ];
  switch (format) {
    case 'parquet':
      return `read_parquet(${[...options, ...(isFile ? [] : ['union_by_name = true'])].join(', ')})`;
    case 'csv':
    case 'tsv':
      return `read_csv(${[
        ...options,
        `delim = ${text(written?.delimiter ?? ',')}`,
        `quote = ${text(written?.quote ?? '"')}`,
        `header = ${String(written?.header ?? true)}`,
        'allow_quoted_nulls = false',
        // Files with the same columns may have them in another order.
        ...(isFile || written?.header === false
          ? [`columns = ${stored}`]
          : [`types = ${stored}`, 'union_by_name = true']),
      ].join(', ')})`;
    case 'jsonl':
      return `read_json(${[...options, `format = 'newline_delimited'`, `columns = ${stored}`].join(', ')})`;
    case 'arrow':
      return 'arrow_table';
  }
}
