import { words } from '../sampling/words.ts';
import type { LogicalType } from '../table/type.ts';
import { countsFolder, resultFiles } from './lock/countFacts.ts';
import { refuseType, refuseUnsafe } from './refusals.ts';
import { sparkDialect } from './sql/sparkDialect.ts';
import { expressionSql, relationLines } from './sql/render.ts';
import type { InputStep, OutputPartition, Script, Step } from './script.ts';
import { declaredStatements, tableName } from './inputs/declared.ts';
import { textStatements } from './inputs/textInput.ts';

/** Where a job writes: addresses or paths that Spark understands. */
export interface SparkPlaces {
  /** Folder of the result. */
  readonly output: string;
  /** Folder of intermediate tables; it can be deleted afterwards. */
  readonly work: string;
}

/** File systems on which a folder is renamed as a whole. On others, such as S3, a rename copies file by file. */
const renames = new Set(['file', 'hdfs', 'viewfs', 'abfs', 'abfss']);

/** Where a Python job writes the result before it takes the place of `output`; null: there at once. */
function stagingOf({ output }: SparkPlaces): { readonly staged: string; readonly replaced: string } | null {
  const [, scheme = 'file'] = /^([a-z][a-z0-9+.-]*):\//i.exec(output) ?? [];
  const folder = output.replace(/\/+$/, '');
  const at = folder.lastIndexOf('/') + 1;
  const [parent, name] = [folder.slice(0, at), folder.slice(at)];
  if (!renames.has(scheme.toLowerCase()) || name === '') return null;
  return { staged: `${parent}_staged/${name}`, replaced: `${parent}_replaced/${name}` };
}

/** What the head of a script says, as `name: value`. */
export type SparkHead = readonly (readonly [name: string, value: string])[];

/** A statement with its comments. */
interface Statement {
  readonly comments: readonly string[];
  readonly lines: readonly string[];
}

/** Settings that the rows depend on. */
function settings(timezone: string): readonly Statement[] {
  const set = (line: string, ...comments: readonly string[]): Statement => ({ comments, lines: [`SET ${line}`] });
  return [
    set(`TIME ZONE ${pathText(timezone)}`, 'Times without a zone, and days, are in the zone of the config.'),
    set('spark.sql.parquet.outputTimestampType=TIMESTAMP_MICROS', 'Times of the result are readable for every reader.'),
    set('spark.sql.parser.escapedStringLiterals=false', 'Texts are read as they are written here.'),
    set(
      'spark.sql.requireAllClusterKeysForCoPartition=false',
      'Rows that are distributed by user stay with their user in joins on further columns.',
    ),
    set(
      'spark.sql.adaptive.maxShuffledHashJoinLocalMapThreshold=64m',
      'Tables whose parts are small are joined without sorting the rows.',
    ),
    set('spark.sql.files.ignoreMissingFiles=false', 'A missing or damaged file ends the job.'),
    set('spark.sql.files.ignoreCorruptFiles=false'),
    set(
      'spark.sql.legacy.parquet.nanosAsLong=true',
      'Columns with nanoseconds that the job does not read do not end it.',
    ),
  ];
}

interface Chapter {
  readonly title: string;
  readonly statements: readonly Statement[];
}

function chaptersOf(script: Script, timezone: string, places: SparkPlaces): Chapter[] {
  const all: Chapter[] = [
    { title: 'Settings', statements: settings(timezone) },
    ...script.sections.map(({ title, steps }) => ({
      title,
      statements: steps.flatMap((step) =>
        statementsOf(step, places).map((lines, k) => ({ comments: k === 0 ? step.about : [], lines })),
      ),
    })),
  ];
  return all.map(({ title, statements }, k) => ({ title: `${k + 1}. ${title}`, statements }));
}

/** The sections, and names that recur in the statements. */
function legend(chapters: readonly Chapter[]): string[] {
  return [
    '',
    ...chapters.map(({ title, statements }) => `${title} (${statements.length})`),
    '',
    'In parentheses: statements. A step that is read more than once is written to the work folder. Others are views.',
    'user, part, k0, k1: the key of a group. The groups of a user and part are drawn by one task.',
    't, created, removed, last: microseconds since 1970 in UTC. quota_0, entry_0_…: of the first entry of the mix.',
    'a, b: the two words of a draw. a_1, a_2, …: the steps of their hash, written out in 64-bit integers.',
  ];
}

/** The text of a script for `spark-sql -f`. */
export function sparkSqlText(script: Script, head: SparkHead, timezone: string, places: SparkPlaces): string {
  const chapters = chaptersOf(script, timezone, places);
  const lines = [...head.map(([name, value]) => `-- ${name}: ${oneLine(value)}`), ...legend(chapters).map(commentLine)];
  for (const { title, statements } of chapters) {
    lines.push('', ...titleLines(title));
    statements.forEach(({ comments, lines: statement }, k) => {
      if (k > 0 && comments.length > 0) lines.push('');
      lines.push(...comments.map(commentLine), ...ended(statement));
    });
  }
  return `${lines.join('\n')}\n`;
}

/** The same statements as a Python script for `spark-submit`. */
export function sparkPythonText(script: Script, head: SparkHead, timezone: string, places: SparkPlaces): string {
  const lines = head.map(([name, value]) => `# ${name}: ${oneLine(value)}`);
  // Days that a job does not draw must stay in their place.
  const isPartitioned = script.sections.some(({ steps }) =>
    steps.some((step) => step.kind === 'output' && step.partition !== null),
  );
  const staging = isPartitioned ? null : stagingOf(places);
  const written = staging === null ? places : { ...places, output: staging.staged };
  const chapters = chaptersOf(script, timezone, written);
  lines.push(...legend(chapters).map((line) => `# ${oneLine(line)}`.trimEnd()));
  lines.push('', 'from pyspark.sql import SparkSession', '', 'STATEMENTS = [');
  for (const { title, statements } of chapters) {
    lines.push(`    # ${oneLine(title)}`);
    // No quote or backslash is in a statement: names with them are refused, and texts with them are bytes.
    for (const { comments, lines: statement } of statements)
      lines.push('    r"""', ...comments.map(commentLine), ...statement, '""",');
  }
  lines.push(
    ']',
    '',
    'spark = SparkSession.builder.appName("recsample").getOrCreate()',
    'for number, statement in enumerate(STATEMENTS, 1):',
    '    first = next(line for line in statement.splitlines() if line and not line.startswith("--"))',
    '    print(f"{number}/{len(STATEMENTS)} {first}", flush=True)',
    '    spark.sql(statement)',
    ...(staging === null ? [] : publishLines(places.output, staging)),
    'spark.stop()',
  );
  return `${lines.join('\n')}\n`;
}

/** The result takes the place of the old one by renames. A run that is killed between them is completed by the next one. */
function publishLines(
  output: string,
  { staged, replaced }: { readonly staged: string; readonly replaced: string },
): readonly string[] {
  return [
    '',
    '# The result and its counts are complete: they take the place of the old ones.',
    'Path = spark._jvm.org.apache.hadoop.fs.Path',
    `output, staged, replaced = Path(${pathText(output)}), Path(${pathText(staged)}), Path(${pathText(replaced)})`,
    'files = output.getFileSystem(spark._jsc.hadoopConfiguration())',
    '',
    '',
    'def rename(old, new):',
    '    if not files.rename(old, new):',
    '        raise OSError(f"{old} could not be renamed to {new}")',
    '',
    '',
    'if files.exists(output):',
    '    files.delete(replaced, True)',
    '    files.mkdirs(replaced.getParent())',
    '    rename(output, replaced)',
    'rename(staged, output)',
    'files.delete(replaced, True)',
    '# Empty folders only; other jobs may use them too.',
    'for folder in (staged.getParent(), replaced.getParent()):',
    '    if files.exists(folder) and not files.listStatus(folder):',
    '        files.delete(folder, False)',
  ];
}

function titleLines(title: string): string[] {
  return [`-- ${'-'.repeat(70)}`, commentLine(title), `-- ${'-'.repeat(70)}`];
}

const commentLine = (text: string): string => `-- ${oneLine(text)}`.trimEnd();

/** A line break in a name of the data would end the comment, and what follows would run. */
function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029;]/g, ' ');
}

function ended(statement: readonly string[]): string[] {
  return statement.map((line, k) => (k === statement.length - 1 ? `${line};` : line));
}

function statementsOf(step: Step, { output, work }: SparkPlaces): readonly (readonly string[])[] {
  const { identifier } = sparkDialect;
  const folder = `${work.replace(/\/+$/, '')}/${step.name}`;
  const written = (rows: readonly string[], place: string): readonly string[] => [
    `INSERT OVERWRITE DIRECTORY ${pathText(place)} USING parquet`,
    ...rows,
  ];
  const viewOf = (name: string, place: string): readonly string[] => [
    `CREATE OR REPLACE TEMPORARY VIEW ${identifier(name)} USING parquet OPTIONS (path ${pathText(place)})`,
  ];
  const counted = (name: string, rows: readonly string[]): readonly string[] => [
    `INSERT OVERWRITE DIRECTORY ${pathText(`${output.replace(/\/+$/, '')}/${countsFolder}/${name}`)} USING json`,
    ...rows,
  ];
  switch (step.kind) {
    case 'declared': {
      const { views, rows } = declaredStatements(step, filesOptions);
      return [...views, written(rows, folder)];
    }
    case 'input': {
      if (step.table !== null)
        return [
          [
            `CREATE OR REPLACE TEMPORARY VIEW ${identifier(step.name)} AS`,
            `SELECT ${step.columns.map(({ name }) => identifier(name)).join(', ')}`,
            `FROM ${tableName(step)}`,
          ],
        ];
      const options = filesOptions(step);
      if (step.file !== null) return textStatements({ ...step, file: step.file }, options);
      return [
        [
          `CREATE OR REPLACE TEMPORARY VIEW ${identifier(step.name)} (`,
          ...step.columns.map(
            ({ name, type }, k) =>
              `  ${identifier(name)} ${sparkType(step.path, name, type)}${k === step.columns.length - 1 ? '' : ','}`,
          ),
          `) USING parquet OPTIONS (${options.join(', ')})`,
        ],
      ];
    }
    case 'view':
      return [
        [`CREATE OR REPLACE TEMPORARY VIEW ${identifier(step.name)} AS`, ...relationLines(step.rows, sparkDialect)],
      ];
    case 'table':
      return [written(relationLines(step.rows, sparkDialect), folder), viewOf(step.name, folder)];
    case 'check':
      return [
        written(
          [
            `SELECT CASE WHEN wrong > 0 THEN CAST(raise_error(concat(${sparkDialect.text(step.failure)}, example)) AS BIGINT) ELSE wrong END AS wrong`,
            'FROM (',
            ...relationLines(step.rows, sparkDialect).map((line) => `  ${line}`),
            ') q',
          ],
          folder,
        ),
      ];
    case 'output': {
      const rows = relationLines(step.rows, sparkDialect);
      return step.partition === null
        ? [written(rows, output), viewOf(step.name, output)]
        : [
            // The counts of an earlier run must not describe the rows of this one.
            counted(resultFiles, ["SELECT '' AS plan WHERE false"]),
            ...partitioned(rows, step.partition, output),
            [`CREATE OR REPLACE TEMPORARY VIEW ${identifier(step.name)} AS`, `SELECT * FROM ${tableOver(output)}`],
          ];
    }
    case 'counts':
      return [counted(step.folder, relationLines(step.rows, sparkDialect))];
    case 'extract': {
      const place = `${output.replace(/\/+$/, '')}/${step.folder}`;
      const rows = [
        `INSERT OVERWRITE DIRECTORY ${pathText(place)} USING ${step.format}`,
        ...relationLines(step.rows, sparkDialect),
      ];
      return step.format === 'json' ? [rows] : [rows, viewOf(step.name, place)];
    }
    case 'files': {
      const { views, rows } = filesStatements(step, output);
      const isLast = step.of.kind === 'result' && step.of.isPartitioned;
      return [...views, counted(step.folder, rows), ...(isLast ? [[`DROP TABLE ${tableOver(output)}`]] : [])];
    }
  }
}

/** The name of the table over a folder with days. */
function tableOver(output: string): string {
  return sparkDialect.identifier(`recsample_output_${words(output).map(hex).join('')}`);
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
 * Sizes and times of files, and the rows of those of the result. No content of an input is read. The paths are literals:
 * in quoted names, `spark-sql` would read a pattern as a comment.
 */
function filesStatements(
  { name, of, plan }: Extract<Step, { readonly kind: 'files' }>,
  output: string,
): { readonly views: readonly (readonly string[])[]; readonly rows: readonly string[] } {
  const sets = of.kind === 'inputs' ? of.sets : [{ name: 'result', path: output }];
  // The name of a table of events may have characters that a view cannot have.
  const viewName = (k: number, set: string): string =>
    sparkDialect.identifier(`${name}_${/^[a-z]+$/.test(set) ? set : k}`);
  const digest = `${sparkDialect.text(plan)} AS plan`;
  const noRows = of.kind === 'inputs' ? '' : ', 0L AS rows, 0L AS samples';
  return {
    views: sets.map((set, k) => [
      `CREATE OR REPLACE TEMPORARY VIEW ${viewName(k, set.name)} USING binaryFile OPTIONS (path ${pathText(set.path)})`,
    ]),
    rows: [
      // Neither files of all days nor tables: nothing to digest.
      ...(sets.length === 0
        ? [`SELECT ${digest}, '' AS data, '' AS path, 0L AS bytes, 0L AS modified WHERE false`]
        : []),
      ...sets.flatMap((set, k) => [
        ...(k === 0 ? [] : ['UNION ALL']),
        `SELECT ${digest}, ${sparkDialect.text(set.name)} AS data, path, length AS bytes, unix_micros(modificationTime) AS modified${noRows}`,
        `FROM ${viewName(k, set.name)}`,
      ]),
      ...(of.kind === 'inputs'
        ? []
        : [
            'UNION ALL',
            `SELECT ${digest}, 'result' AS data, input_file_name() AS path, NULL AS bytes, NULL AS modified, count(*) AS rows, sum(${expressionSql(of.samples, sparkDialect)}) AS samples`,
            'FROM result',
            'GROUP BY input_file_name()',
          ]),
    ],
  };
}

/** Where the files of an input are. */
function filesOptions({ path, basePath }: InputStep): readonly string[] {
  return [`path ${pathText(path)}`, ...(basePath === null ? [] : [`basePath ${pathText(basePath)}`])];
}

/** A path as a literal: there, Spark takes no expression. */
function pathText(path: string): string {
  refuseUnsafe(path, { path }, 'path');
  return `'${path}'`;
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
      return `STRUCT<${type.fields.map((field) => `\`${field.name.replaceAll('`', '``')}\`: ${inner(field.type)}`).join(', ')}>`;
    case 'map':
      return `MAP<${inner(type.key)}, ${inner(type.value)}>`;
    case 'json':
      return 'STRING';
    default:
  }
  throw refuseType(path, name, type);
}
