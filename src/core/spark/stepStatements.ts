import { hashWords } from '../sampling/words.ts';
import type { LogicalType } from '../table/type.ts';
import { declaredStatements, tableName } from './inputs/declared.ts';
import { textStatements } from './inputs/textInput.ts';
import { countsFolder } from './lock/countFacts.ts';
import { commentLine } from './comment.ts';
import { refuseType, refuseUnsafe } from './refusals.ts';
import type { CountsStep, InputStep, OutputPartition, Step } from './script.ts';
import { expressionSql, relationLines } from '../relation/render.ts';
import { sparkDialect } from '../relation/sparkDialect.ts';

/** Where a job writes: addresses or paths that Spark understands. */
export interface SparkPlaces {
  /** Folder of the result. */
  readonly output: string;
  /** Folder of intermediate tables; it can be deleted afterwards. */
  readonly work: string;
}

/** Rows of a step: in Parquet, or computed where they are read. */
export interface StepRows {
  readonly query: readonly string[];
  /** Where they are written. Null: nowhere. */
  readonly folder: string | null;
  /** The name by which later steps read them. Null: the query only ends the job if something is wrong. */
  readonly view: string | null;
  /** True if the rows are at most some hundred, however large the data are. */
  readonly isFew?: boolean;
}

/** A step as lines of SQL. */
interface StepText {
  readonly statements: readonly (readonly string[])[];
  /** Written, or named, after the statements; null: they are all. */
  readonly rows: StepRows | null;
}

/** The statements that write rows and read them back, or give them a name. */
export function rowsStatements({ query, folder, view }: StepRows): readonly (readonly string[])[] {
  if (folder === null) {
    if (view === null) throw new Error('rows without a folder have no name');
    return [[viewHead(view), ...query]];
  }
  const write = [`INSERT OVERWRITE DIRECTORY ${pathText(folder)} USING parquet`, ...query];
  if (view === null) return [write];
  const name = sparkDialect.identifier(view);
  return [write, [`CREATE OR REPLACE TEMPORARY VIEW ${name} USING parquet OPTIONS (path ${pathText(folder)})`]];
}

const viewHead = (name: string): string => `CREATE OR REPLACE TEMPORARY VIEW ${sparkDialect.identifier(name)} AS`;

const statementsOnly = (...statements: readonly (readonly string[])[]): StepText => ({ statements, rows: null });

/** The text of a step. */
export function textOfStep(step: Step, { output, work }: SparkPlaces): StepText {
  const { identifier } = sparkDialect;
  const folder = `${work.replace(/\/+$/, '')}/${step.name}`;
  const written = (query: readonly string[], place: string, view: string | null): StepText => ({
    statements: [],
    rows: { query, folder: place, view },
  });
  const counted = (rows: readonly string[]): readonly string[] => [
    `INSERT OVERWRITE DIRECTORY ${pathText(`${output.replace(/\/+$/, '')}/${countsFolder}`)} USING text`,
    ...rows,
  ];
  switch (step.kind) {
    case 'declared': {
      const { views, rows } = declaredStatements(step, filesOptions);
      return { ...written(rows, folder, null), statements: views };
    }
    case 'input': {
      if (step.table !== null)
        return statementsOnly([
          viewHead(step.name),
          `SELECT ${step.columns.map(({ name }) => identifier(name)).join(', ')}`,
          `FROM ${tableName(step)}`,
        ]);
      const options = filesOptions(step);
      if (step.file !== null) return statementsOnly(...textStatements({ ...step, file: step.file }, options));
      return statementsOnly([
        `CREATE OR REPLACE TEMPORARY VIEW ${identifier(step.name)} (`,
        ...step.columns.map(
          ({ name, type }, k) =>
            `  ${identifier(name)} ${sparkType(step.path, name, type)}${k === step.columns.length - 1 ? '' : ','}`,
        ),
        `) USING parquet OPTIONS (${options.join(', ')})`,
      ]);
    }
    case 'view':
      return {
        statements: [],
        rows: { query: relationLines(step.rows, sparkDialect), folder: null, view: step.name },
      };
    case 'table':
      return {
        statements: [],
        rows: {
          query: relationLines(step.rows, sparkDialect),
          folder,
          view: step.name,
          isFew: step.isFew === true,
        },
      };
    case 'check':
      return written(
        [
          `SELECT CASE WHEN wrong > 0 THEN CAST(raise_error(concat(${sparkDialect.text(step.failure)}, example)) AS BIGINT) ELSE wrong END AS wrong`,
          'FROM (',
          ...relationLines(step.rows, sparkDialect).map((line) => `  ${line}`),
          ') q',
        ],
        folder,
        null,
      );
    case 'output': {
      const rows = relationLines(step.rows, sparkDialect);
      return step.partition === null
        ? written(rows, output, step.name)
        : statementsOnly(
            // The counts of an earlier run must not describe the rows of this one.
            counted(["SELECT '' AS value WHERE false"]),
            ...partitioned(rows, step.partition, output),
            [viewHead(step.name), `SELECT * FROM ${tableOver(output)}`],
          );
    }
    case 'counts': {
      const { views, rows } = countsStatements(step, output);
      const { isPartitioned } = step.files;
      return statementsOnly(...views, counted(rows), ...(isPartitioned ? [[`DROP TABLE ${tableOver(output)}`]] : []));
    }
    case 'extract': {
      const place = `${output.replace(/\/+$/, '')}/${step.folder}`;
      const rows = relationLines(step.rows, sparkDialect);
      return step.format === 'parquet'
        ? written(rows, place, step.name)
        : statementsOnly([`INSERT OVERWRITE DIRECTORY ${pathText(place)} USING ${step.format}`, ...rows]);
    }
  }
}

/** The name of the table over a folder with days. */
function tableOver(output: string): string {
  return sparkDialect.identifier(`recsample_output_${hashWords(output).map(hex).join('')}`);
}

/**
 * Replaces the folders of the days that the rows have, and leaves the others. Only tables have partitions, so a table
 * over the folder is made; it knows the days that it wrote, and is dropped after the counts. Its files stay: it is
 * external, because it has a location.
 */
function partitioned(
  rows: readonly string[],
  { column, columns }: OutputPartition,
  output: string,
): readonly (readonly string[])[] {
  const { identifier } = sparkDialect;
  const table = tableOver(output);
  return [
    [`DROP TABLE IF EXISTS ${table}`],
    [
      `CREATE TABLE ${table} (`,
      ...columns.map(({ name, type }) => `  ${identifier(name)} ${sparkType(output, name, type)},`),
      `  ${identifier(column)} STRING`,
      `) USING parquet PARTITIONED BY (${identifier(column)}) LOCATION ${pathText(output)}`,
    ],
    ['SET spark.sql.sources.partitionOverwriteMode=dynamic'],
    [`INSERT OVERWRITE TABLE ${table} PARTITION (${identifier(column)})`, ...rows],
  ];
}

const hex = (word: number): string => word.toString(16).padStart(8, '0');

/**
 * The tables of the counts, each row as JSON with the name of its table. Sizes and times of files are among them; no
 * content of an input is read for these. The paths are literals: in quoted names, `spark-sql` would read a pattern as a
 * comment.
 */
function countsStatements(
  { name, tables, files }: CountsStep,
  output: string,
): { readonly views: readonly (readonly string[])[]; readonly rows: readonly string[] } {
  const digest = `${sparkDialect.text(files.plan)} AS plan`;
  const viewOf = (set: string): string => sparkDialect.identifier(`${name}_${set}`);
  // The name of a table of events may have characters that a view cannot have.
  const inputs = files.inputs.map((set, k) => ({
    ...set,
    view: viewOf(/^[a-z]+$/.test(set.name) ? set.name : String(k)),
  }));
  const result = { name: 'result', path: output, view: viewOf('result') };
  const times = 'length AS bytes, unix_micros(modificationTime) AS modified';
  const counts: readonly CountedLines[] = [
    ...tables.map((table) => ({ ...table, lines: relationLines(table.rows, sparkDialect) })),
    ...inputs.map((set, k) => ({
      name: 'inputs',
      about: k === 0 ? ['Files that were read, so that their digests can be computed later.'] : [],
      lines: [`SELECT ${digest}, ${sparkDialect.text(set.name)} AS data, path, ${times}`, `FROM ${set.view}`],
    })),
    {
      name: 'files',
      about: ['Files of the result, and their rows.'],
      lines: [`SELECT ${digest}, path, ${times}, 0L AS rows, 0L AS samples`, `FROM ${result.view}`],
    },
    {
      name: 'files',
      about: [],
      lines: [
        `SELECT ${digest}, input_file_name() AS path, count(*) AS rows, sum(${expressionSql(files.samples, sparkDialect)}) AS samples`,
        'FROM result',
        'GROUP BY input_file_name()',
      ],
    },
  ];
  return {
    views: [...inputs, result].map(({ view, path }) => [
      `CREATE OR REPLACE TEMPORARY VIEW ${view} USING binaryFile OPTIONS (path ${pathText(path)})`,
    ]),
    rows: counts.flatMap((one, k) => [...(k === 0 ? [] : ['UNION ALL']), ...jsonLines(one)]),
  };
}

interface CountedLines {
  readonly name: string;
  readonly about: readonly string[];
  readonly lines: readonly string[];
}

/** Each row as the JSON that Spark writes: without NULL. */
function jsonLines({ name, about, lines }: CountedLines): readonly string[] {
  return [
    ...about.map(commentLine),
    `SELECT to_json(struct(${sparkDialect.text(name)} AS counts, q.*)) AS value`,
    'FROM (',
    ...lines.map((line) => `  ${line}`),
    ') q',
  ];
}

/** Where the files of an input are. */
function filesOptions({ path, basePath }: InputStep): readonly string[] {
  return [`path ${pathText(path)}`, ...(basePath === null ? [] : [`basePath ${pathText(basePath)}`])];
}

/** A path as a literal: there, Spark takes no expression. */
export function pathText(path: string): string {
  refuseUnsafe(path, { path }, 'path');
  return `'${path.replaceAll('\\', '\\\\')}'`;
}

/** The type with which Spark reads a column of a Parquet file. @throws FailureError for a type that it lacks */
function sparkType(path: string, name: string, type: LogicalType): string {
  const inner = (one: LogicalType): string => sparkType(path, name, one);
  switch (type.kind) {
    case 'boolean':
    case 'string':
    case 'binary':
    case 'date':
      return type.kind.toUpperCase();
    case 'integer': {
      const bits = type.signed ? type.bits : type.bits * 2;
      const found = { 8: 'TINYINT', 16: 'SMALLINT', 32: 'INT', 64: 'BIGINT' }[bits];
      if (found !== undefined) return found;
      break;
    }
    case 'float':
      return type.bits === 32 ? 'FLOAT' : 'DOUBLE';
    case 'decimal':
      return `DECIMAL(${type.precision}, ${type.scale})`;
    case 'timestamp':
      if (type.unit !== 'ns') return type.zoned ? 'TIMESTAMP' : 'TIMESTAMP_NTZ';
      break;
    case 'list':
      return `ARRAY<${inner(type.item)}>`;
    case 'struct':
      return `STRUCT<${type.fields.map((field) => `${fieldName(path, name, field.name)}: ${inner(field.type)}`).join(', ')}>`;
    case 'map':
      return `MAP<${inner(type.key)}, ${inner(type.value)}>`;
    case 'json':
      return 'STRING';
    default:
  }
  throw refuseType(path, name, type);
}

/** A name inside a column, always with quotes. */
function fieldName(path: string, column: string, field: string): string {
  refuseUnsafe(field, { path, column });
  return `\`${field}\``;
}
