import { booleanTextList } from '../../table/booleanTexts.ts';
import type { LogicalType } from '../../table/type.ts';
import { refuseType } from '../refusals.ts';
import type { InputStep } from '../script.ts';
import { sparkDialect } from '../../relation/sparkDialect.ts';

const { identifier, text } = sparkDialect;

/** What an empty field without quotes is read as, since Spark cannot tell it from "" otherwise. No data contain it. */
const nullText = 'RecSample: no value 5d0c1f';

/** Delimiters that a script must escape. */
const delimiters: Readonly<Record<string, string>> = { '\t': '\\t', ';': '\\u003B' };

/**
 * The statements that read text files: every cell as text, then each column in the type that it had when the job was
 * written. A cell that is not of this type ends the job. docs/spark.md: Text files.
 */
export function textStatements(
  { name, about, path, columns, file }: InputStep & { readonly file: NonNullable<InputStep['file']> },
  options: readonly string[],
): string[][] {
  const what = about[0] ?? name;
  const raw = `${name}_text`;
  const isJson = file.format === 'json';
  const read = isJson ? columns : file.columns;
  const format = isJson
    ? []
    : [
        `header '${String(file.hasHeader)}'`,
        `sep '${delimiters[file.delimiter] ?? file.delimiter}'`,
        `quote '"', escape '"', multiLine 'true'`,
        // Columns are read by position; a file with other names ends the job.
        `enforceSchema 'false'`,
        `nullValue '${nullText}', emptyValue ''`,
      ];
  return [
    ...(isJson ? [] : [['SET spark.sql.csv.parser.columnPruning.enabled=false']]),
    [
      `CREATE OR REPLACE TEMPORARY VIEW ${identifier(raw)} (`,
      ...read.map(
        (column, k) =>
          `  ${identifier(column.name)} ${isJson ? jsonType(path, column) : 'STRING'}${k === read.length - 1 ? '' : ','}`,
      ),
      `) USING ${file.format} OPTIONS (${[...options, ...format, `mode 'FAILFAST'`].join(', ')})`,
    ],
    [
      `CREATE OR REPLACE TEMPORARY VIEW ${identifier(name)} AS SELECT`,
      ...columns.map(
        (column, k) =>
          `  ${converted(path, what, column, isJson)} AS ${identifier(column.name)}${k === columns.length - 1 ? '' : ','}`,
      ),
      `FROM ${identifier(raw)}`,
    ],
  ];
}

interface TextColumn {
  readonly name: string;
  readonly type: LogicalType;
}

/** JSON has types of its own; only dates and times are texts. */
function jsonType(path: string, { name, type }: TextColumn): string {
  if (type.kind === 'json') throw refuseType(path, name, type);
  if (type.kind === 'boolean') return 'BOOLEAN';
  if (type.kind === 'integer' && type.signed) return 'BIGINT';
  if (type.kind === 'float') return 'DOUBLE';
  return 'STRING';
}

/** SQL of a value, which ends the job if the text is not exactly of the type. */
function converted(path: string, what: string, column: TextColumn, isJson: boolean): string {
  const { name, type } = column;
  const own = identifier(name);
  if (type.kind === 'string' || (isJson && jsonType(path, column) !== 'STRING')) return own;
  const { sqlType, value, isValid } = reading(path, column, own);
  const failure = `concat(${text(`${what}, column ${name}: the job was written for ${sqlType}, but a file has `)}, ${own})`;
  return `CASE WHEN ${own} IS NOT NULL THEN coalesce(CASE WHEN ${isValid} THEN ${value} END, CAST(raise_error(${failure}) AS ${sqlType})) END`;
}

/** How the local reader types texts: a value keeps its digits, so that 007 is no integer. */
function reading(
  path: string,
  { name, type }: TextColumn,
  own: string,
): { readonly sqlType: string; readonly value: string; readonly isValid: string } {
  const same = (sqlType: string): ReturnType<typeof reading> => ({
    sqlType,
    value: `try_cast(${own} AS ${sqlType})`,
    isValid: `CAST(try_cast(${own} AS ${sqlType}) AS STRING) = ${own}`,
  });
  const onlyHas = (value: string, characters: string): string => `translate(${value}, '${characters}', '') = ''`;
  switch (type.kind) {
    case 'boolean':
      return { sqlType: 'BOOLEAN', value: `lower(${own}) = 'true'`, isValid: `${own} IN (${booleanTextList})` };
    case 'integer':
      if (type.signed) return same('BIGINT');
      break;
    case 'date':
      return same('DATE');
    case 'float':
      return {
        sqlType: 'DOUBLE',
        value: `try_cast(${own} AS DOUBLE)`,
        // Spark would also read 1.5d.
        isValid: `${onlyHas(own, '+-.eE0123456789')} OR ${own} IN ('nan', 'NaN', 'inf', '-inf', 'Infinity', '-Infinity')`,
      };
    case 'timestamp':
      if (type.unit === 'ns') break;
      return type.zoned
        ? {
            sqlType: 'TIMESTAMP',
            value: `try_cast(${own} AS TIMESTAMP)`,
            isValid: `length(${own}) >= 20 AND NOT ${onlyHas(`substr(${own}, 20)`, '.0123456789')}`,
          }
        : {
            sqlType: 'TIMESTAMP_NTZ',
            value: `try_cast(${own} AS TIMESTAMP_NTZ)`,
            // Spark would leave out a zone.
            isValid: `length(${own}) >= 19 AND ${onlyHas(`substr(${own}, 20)`, '.0123456789')}`,
          };
    default:
  }
  throw refuseType(path, name, type);
}
