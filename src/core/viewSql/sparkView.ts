import { fail } from '../message/failure.ts';
import { message } from '../message/message.ts';
import { sparkDialect } from '../relation/sparkDialect.ts';
import { traitsOf } from '../table/sampleName.ts';
import type { FunctionName } from '../table/expression/functions.ts';
import { sparkNameOf } from '../table/sparkType.ts';
import type { LogicalType } from '../table/type.ts';
import { callNamed, type ViewDialect, type WriteCall } from './viewDialect.ts';
import { filePattern, type ViewedFiles } from './viewedFiles.ts';

const { identifier, text } = sparkDialect;
/** NULL outside `domain`, as in DuckDB. Spark would return NaN or fail. */
const where =
  (name: string, domain: (x: string) => string): WriteCall =>
  ([x = '']) =>
    `CASE WHEN ${domain(x)} THEN ${name}(${x}) END`;
/** Returns integers unchanged. Null for floats: Spark has no exact equivalent. */
const unlessInteger =
  (name: string): WriteCall =>
  (sql, args) =>
    args[0]?.type.kind === 'integer' ? (sql[0] ?? '') : args[0]?.type.kind === 'decimal' ? callNamed(name)(sql) : null;
/** Null for a TIME, from which Spark cannot read parts. */
const clock =
  (name: string): WriteCall =>
  (sql, args) =>
    args[0]?.type.kind === 'time' ? null : callNamed(name)(sql);

/** Spark's SQL for each function of expressions. */
const functions: Readonly<Record<FunctionName, WriteCall>> = {
  lower: callNamed('lower'),
  upper: callNamed('upper'),
  trim: callNamed('trim'),
  length: size,
  len: size,
  substr: () => null,
  contains: ([value = '', needle = ''], args) =>
    args[0]?.type.kind === 'list'
      ? `CASE WHEN ${value} IS NOT NULL AND ${needle} IS NOT NULL THEN coalesce(array_contains(${value}, ${needle}), FALSE) END`
      : `contains(${value}, ${needle})`,
  starts_with: callNamed('startswith'),
  ends_with: callNamed('endswith'),
  replace: callNamed('replace'),
  text: ([value = ''], args) => (isPlainText(args[0]?.type) ? `CAST(${value} AS STRING)` : null),
  abs: callNamed('abs'),
  round: unlessInteger('round'),
  floor: unlessInteger('floor'),
  ceil: unlessInteger('ceil'),
  sqrt: where('sqrt', (x) => `${x} >= 0`),
  ln: where('ln', (x) => `${x} > 0`),
  log10: where('log10', (x) => `${x} > 0`),
  exp: callNamed('exp'),
  // isnan(NULL) is false in Spark.
  is_nan: where('isnan', (x) => `${x} IS NOT NULL`),
  date: ([value = ''], args) =>
    args[0]?.type.kind === 'string' ? `try_cast(${value} AS DATE)` : `CAST(${value} AS DATE)`,
  year: callNamed('year'),
  month: callNamed('month'),
  day: callNamed('day'),
  weekday: ([value = '']) => `(weekday(${value}) + 1)`,
  hour: clock('hour'),
  minute: clock('minute'),
  second: clock('second'),
  coalesce: callNamed('coalesce'),
};

/** Views as SQL of Spark 3.5 or newer. */
export const sparkView: ViewDialect = {
  label: 'Spark',
  identifier,
  text,
  field: (struct, name) => `${struct}.${identifier(name)}`,
  type,
  constant: (of, value) =>
    of.kind === 'timestamp'
      ? `${of.zoned ? 'TIMESTAMP' : 'TIMESTAMP_NTZ'} ${text(value)}`
      : of.kind === 'date'
        ? `DATE ${text(value)}`
        : of.kind === 'binary'
          ? `CAST(${text(value)} AS BINARY)`
          : null,
  inUtc: (sql) => `CAST(${sql} AS TIMESTAMP_NTZ)`,
  like: ({ anyCase, negated }, operand, pattern) =>
    // Patterns always have an escape character in Spark. NUL disables it, because no pattern contains NUL.
    `${anyCase ? `lower(${operand})` : operand} ${negated ? 'NOT ' : ''}LIKE ${anyCase ? `lower(${pattern})` : pattern} ESCAPE '\\u0000'`,
  tryArithmetic: (sql, op, left, right) =>
    op === '%' ? sql : `${{ '+': 'try_add', '-': 'try_subtract', '*': 'try_multiply' }[op]}(${left}, ${right})`,
  call: (name, sql, args) => functions[name](sql, args),
  source,
  utcSession: ["SET TIME ZONE 'UTC';"],
};

function size([value = '']: readonly string[], args: Parameters<WriteCall>[1]): string {
  return args[0]?.type.kind === 'list' ? `CASE WHEN ${value} IS NOT NULL THEN size(${value}) END` : `length(${value})`;
}

/** True for values that both engines convert to the same text. */
function isPlainText(of: LogicalType | undefined): boolean {
  return of !== undefined && ['string', 'integer', 'boolean', 'date', 'decimal', 'enum'].includes(of.kind);
}

function type(of: LogicalType): string | null {
  if (of.kind === 'integer' && (of.bits === 128 || !of.signed))
    return of.bits === 128 ? 'DECIMAL(38, 0)' : of.bits === 64 ? 'DECIMAL(20, 0)' : 'BIGINT';
  if (of.kind === 'enum' || of.kind === 'json') return 'STRING';
  return sparkNameOf(of.kind === 'timestamp' ? { ...of, unit: 'us' } : of)?.toUpperCase() ?? null;
}

/** The literal value of an option, where Spark accepts no expression. */
const option = (value: string): string =>
  `'${value.replace(/['\\$;\u0000-\u001f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)}'`;

/** Escapes the wildcards in a path, because Spark reads paths as patterns. */
const escapedPath = (path: string): string => path.replace(/[*?[\]{}]/g, '\\$&');

/**
 * A Parquet file is read by its path. For text files, a view declares the columns, so that their types are as in the
 * inspector.
 */
function source(files: ViewedFiles): ReturnType<ViewDialect['source']> {
  const { format, columns, text: syntax } = files;
  if (format === 'arrow') return { from: 'arrow_table', setup: [] };
  const { isFile, root, ending } = filePattern(files);
  const { isText } = traitsOf(format);
  const path = isFile || ending !== null ? escapedPath(root) : root;
  if (!isText && isFile) return { from: `parquet.\`${path.replaceAll('`', '``')}\``, setup: [] };
  const isPartitioned = columns.some(({ partition }) => partition);
  const options = [
    `path ${option(path)}`,
    ...folderOptions(files, isPartitioned),
    ...(isText ? [] : ["mergeSchema 'true'"]),
    ...(!isText || format === 'jsonl'
      ? []
      : [
          `header '${String(syntax?.header ?? true)}'`,
          // Spark must fail for files with other columns.
          ...(isFile || syntax?.header === false ? [] : ["enforceSchema 'false'"]),
          `sep ${option(syntax?.delimiter ?? ',')}`,
          `quote ${option(syntax?.quote ?? '"')}`,
          `escape ${option(syntax?.quote ?? '"')}`,
          "multiLine 'true'",
          // Otherwise, an empty text would be NULL.
          `nullValue ${option('\0')}`,
        ]),
  ];
  const declared = columns.map((column) => `${identifier(column.name)} ${type(column.type) ?? 'STRING'}`).join(', ');
  const kind = isText ? (format === 'jsonl' ? 'json' : 'csv') : 'parquet';
  return {
    from: 'viewed_rows',
    setup: [
      `CREATE OR REPLACE TEMPORARY VIEW viewed_rows ${isText ? `(${declared}) ` : ''}USING ${kind} OPTIONS (${options.join(', ')});`,
    ],
  };
}

/** Options for folders and patterns: by default, Spark skips subfolders, and finds no partitions below a pattern. */
function folderOptions(files: ViewedFiles, isPartitioned: boolean): string[] {
  const { isFile, root, ending } = filePattern(files);
  if (isFile) return [];
  if (ending !== null)
    return [
      `pathGlobFilter ${option(`*${escapedPath(ending)}`)}`,
      ...(isPartitioned ? [] : ["recursiveFileLookup 'true'"]),
    ];
  if (root.includes('**'))
    throw fail('unsupported', message('{0} has no exact counterpart of {1}', 'Spark', '**'), {
      advice: message('Export the rows, or copy the command line of the view.'),
    });
  return isPartitioned ? [`basePath ${option(root.slice(0, root.lastIndexOf('/', root.search(/[*?[{]/))))}`] : [];
}
