import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { Dialect } from '../../src/core/relation/dialect.ts';
import { expressionSql, relationLines } from '../../src/core/relation/render.ts';
import { duckdbView } from '../../src/core/viewSql/duckdbView.ts';
import { inputPlace } from '../../src/core/spark/inputs/declared.ts';
import { sparkNameOf } from '../../src/core/table/sparkType.ts';
import {
  namesRead,
  type CountsStep,
  type DeclaredStep,
  type InputStep,
  type Script,
  type Step,
} from '../../src/core/spark/script.ts';
import { stepNeeds } from '../../src/core/spark/stepOrder.ts';
import { text as textOf } from '../../src/core/relation/expression.ts';
import type { Relation } from '../../src/core/relation/tree.ts';

const types: Readonly<Record<string, string>> = {
  INT: 'INTEGER',
  STRING: 'VARCHAR',
  TIMESTAMP: 'TIMESTAMPTZ',
  TIMESTAMP_NTZ: 'TIMESTAMP',
};
const epoch = (time: string): string => `epoch_us(CAST(${time} AS TIMESTAMPTZ))`;
const dayEnd = (day: string): string => `(${epoch(`CAST(${day} AS TIMESTAMP) + INTERVAL 1 DAY`)} - 1)`;

/** The scripts of Spark in the words of DuckDB, so that hundreds of worlds can be drawn in seconds. */
const duckdbDialect: Dialect = {
  identifier: duckdbView.identifier,
  text: duckdbView.text,
  integer: (value) => `CAST('${value}' AS BIGINT)`,
  double: (value) => `CAST('${value}' AS DOUBLE)`,
  type: (type) => (typeof type === 'string' ? (types[type] ?? type) : `DECIMAL(${type.precision}, ${type.scale})`),
  functions: {
    xor: ([a = '', b = '']) => `xor(${a}, ${b})`,
    shiftRight: ([value = '', bits = '']) => `(${value} >> ${bits})`,
    shiftLeft: ([value = '', bits = '']) => `(${value} << ${bits})`,
    hexWord: ([hex = '', at = '']) => `CAST(CAST('0x' || substr(${hex}, ${at}, 8) AS UINTEGER) AS BIGINT)`,
    microseconds: ([time = '']) => epoch(time),
    textMicroseconds: ([value = '']) => epoch(value),
    dayEnd: ([day = '']) => dayEnd(day),
    textDayEnd: ([value = '']) => `CASE WHEN strlen(${value}) <= 10 THEN ${dayEnd(value)} ELSE ${epoch(value)} END`,
    instant: ([at = '']) => `make_timestamptz(${at})`,
    dayNumber: ([at = '']) => `CAST(CAST(make_timestamptz(${at}) AS DATE) - DATE '1970-01-01' AS BIGINT)`,
    daysEarlier: ([at = '', days = '']) =>
      epoch(`CAST(make_timestamptz(${at}) AS TIMESTAMP) - to_days(CAST(${days} AS INTEGER))`),
    eachInteger: ([first = '', last = '']) => `unnest(range(${first}, ${last} + 1))`,
    splitText: ([value = '', separator = '']) => `string_split(${value}, ${separator})`,
    trimBlanks: ([value = '']) => `trim(${value}, ' ' || chr(9) || chr(10) || chr(13))`,
    wholeNumber: ([value = '']) =>
      `CASE WHEN regexp_full_match(${value}, '[+-]?[0-9]+') THEN TRY_CAST(${value} AS BIGINT) END`,
    integerOfText: ([value = '']) => `CAST(${value} AS BIGINT)`,
    eachElement: ([list = '']) => `unnest(${list})`,
    raise: ([what = '']) => `error(${what})`,
    // Uneven buckets, so that sums over several of them are tested.
    dayText: ([day = '', format = '']) =>
      `strftime(DATE '1970-01-01' + CAST(${day} AS INTEGER), replace(replace(replace(${format}, 'yyyy', '%Y'), 'MM', '%m'), 'dd', '%d'))`,
    listOf: (values) => `[${values.join(', ')}]`,
    listOfKnown: (values) => `list_filter([${values.join(', ')}], lambda x: x IS NOT NULL)`,
    eachField: ([list = '', field = '']) => `list_transform(${list}, lambda x: x.${field})`,
    firstDistinct: ([list = '', count = '']) =>
      `list_slice(list_filter(${list}, lambda x, k: list_position(${list}, x) = k), 1, ${count})`,
    joinedLists: ([a = '', b = '']) => `list_concat(${a}, ${b})`,
    listSize: ([list = '']) => `len(${list})`,
    slice: ([list = '', first = '', count = '']) => `list_slice(${list}, ${first}, ${first} + ${count} - 1)`,
    isInList: ([list = '', value = '']) => `coalesce(list_contains(${list}, ${value}), FALSE)`,
    elementAt: ([list = '', place = '']) => `${list}[${place} + 1]`,
    taskOf: ([number = '', count = '']) => `(${number} % ${count})`,
    partOf: ([value = '', count = '']) => `CAST(hash(${value}) % ${count} AS BIGINT)`,
    ownTask: ([expected = '']) => expected,
    rangeBucket: (by) => `ntile(3) OVER (ORDER BY ${by.join(', ')})`,
  },
  computed: (query, { carried, computed }) => [
    `SELECT ${[...carried, ...computed].map(duckdbDialect.identifier).join(', ')} FROM (`,
    ...query,
    ')',
  ],
  sortedStructList: (fields, where) =>
    `coalesce(list_sort(list({${fields.map(([name, value]) => `${name}: ${value}`).join(', ')}})${where === null ? '' : ` FILTER (WHERE ${where})`}), [])`,
  elementsWhere: (list, as, condition) => `list_filter(${list}, lambda ${as}: ${condition})`,
  elementValues: (list, as, value) => `list_transform(${list}, lambda ${as}: ${value})`,
  repartitionHint: () => '',
  orderKeywords: { all: 'ORDER BY', task: 'ORDER BY' },
  broadcastHint: () => '',
  rangePartitionHint: () => '',
  distributeBy: () => '',
};

const tableOf = ({ table }: InputStep): string => (table ?? []).map(duckdbDialect.identifier).join('.');

/** Types of DuckDB in the words of Spark. */
export function sparkTypeOf(type: string): string {
  const named: Readonly<Record<string, string>> = {
    VARCHAR: 'string',
    INTEGER: 'int',
    TIMESTAMP: 'timestamp_ntz',
    TIMESTAMPTZ: 'timestamp',
    'TIMESTAMP WITH TIME ZONE': 'timestamp',
  };
  return named[type] ?? type.toLowerCase();
}

/** What Spark says if inputs are not those of the job; the statements themselves are tested with Spark. */
async function checkDeclared({ inputs, subject }: DeclaredStep, connection: DuckDBConnection): Promise<void> {
  if (subject === 'files') return;
  for (const input of inputs) {
    const from = input.table === null ? `(${filesOf(input)})` : tableOf(input);
    const rows = (await (await connection.run(`DESCRIBE SELECT * FROM ${from}`)).getRowsJson()) as string[][];
    const types = new Map(rows.map(([name = '', type = '']) => [name.toLowerCase(), sparkTypeOf(type)]));
    const wrong = input.columns.filter(({ name, type }) => {
      const found = types.get(name.toLowerCase());
      return subject === 'columns' ? found === undefined : found !== sparkNameOf(type);
    });
    if (wrong.length > 0)
      throw new Error(`${inputPlace(input)}: ${subject} differ: ${wrong.map(({ name }) => name).join()}`);
  }
}

/** The rows of an input, in the types of the job. Of a folder, all files in it. */
function filesOf(input: InputStep): string {
  const { path, columns, file, table } = input;
  if (table !== null)
    return `SELECT ${columns.map(({ name }) => duckdbDialect.identifier(name)).join(', ')} FROM ${tableOf(input)}`;
  const hive = 'hive_partitioning = true, hive_types_autocast = false';
  const below = (ending: string): string => (path.endsWith(ending) ? path : `${path}/**/*${ending}`);
  if (file === null) return `SELECT * FROM read_parquet('${below('.parquet')}', ${hive})`;
  const rows =
    file.format === 'csv'
      ? `read_csv('${below('.csv')}', all_varchar = true, delim = '${file.delimiter}', quote = '"', escape = '"', header = ${file.hasHeader}, ${hive})`
      : `read_json('${below('.jsonl')}', format = 'newline_delimited', columns = {${columns.map((one) => `${duckdbDialect.identifier(one.name)}: 'VARCHAR'`).join(', ')}}, ${hive})`;
  const typed = columns.map(({ name, type }) => {
    const own = duckdbDialect.identifier(name);
    return `CAST(${own} AS ${duckdbView.type(type) ?? ''}) AS ${own}`;
  });
  return `SELECT ${typed.join(', ')} FROM ${rows}`;
}

/** The rows of a table of the counts. */
const countsName = (table: string): string => duckdbDialect.identifier(`counts ${table}`);

/** Names that several steps read. */
function sharedNames({ sections }: Pick<Script, 'sections'>): ReadonlySet<string> {
  const [found, shared] = [new Set<string>(), new Set<string>()];
  for (const step of sections.flatMap(({ steps }) => steps))
    for (const name of new Set(namesRead(step))) (found.has(name) ? shared : found).add(name);
  return shared;
}

/** @param isComputedOnce whether the rows of a view are kept in a table */
function statementOf(step: Exclude<Step, DeclaredStep>, isComputedOnce: boolean): string {
  const kept = isComputedOnce ? 'TABLE' : 'VIEW';
  const name = duckdbDialect.identifier(step.name);
  const rows = 'rows' in step ? relationLines(step.rows, duckdbDialect) : [];
  switch (step.kind) {
    case 'input':
      return `CREATE TEMP ${kept} ${name} AS ${filesOf(step)}`;
    case 'view':
      return `CREATE TEMP ${kept} ${name} AS ${rows.join('\n')}`;
    case 'table':
    case 'output':
    case 'extract':
      return `CREATE TEMP TABLE ${name} AS ${rows.join('\n')}`;
    case 'counts':
      return step.tables
        .map(
          (one) => `CREATE TEMP TABLE ${countsName(one.name)} AS ${relationLines(one.rows, duckdbDialect).join('\n')};`,
        )
        .join('\n');
    case 'check':
      return `CREATE TEMP TABLE ${name} AS SELECT CASE WHEN wrong > 0 THEN error(${expressionSql(textOf(step.failure), duckdbDialect)} || example) END FROM (${rows.join('\n')})`;
  }
}

/** How a script runs on DuckDB. */
interface DuckdbRun {
  /** Statements that make the tables of the catalog. */
  readonly before?: readonly string[];
  /**
   * Whether each step that reads a view computes its rows, as in Spark. Else views that several steps read are tables,
   * which is cheaper, but then all of these steps read the same rows, also of a view that is not deterministic.
   */
  readonly recomputesViews?: boolean;
}

/** A relation of a script in the words of DuckDB. */
export const relationSqlOf = (relation: Relation): string => relationLines(relation, duckdbDialect).join('\n');

/**
 * Runs a script on DuckDB and returns the rows of a query over `result`, each as JSON, in any order.
 * @param before statements that make the tables of the catalog
 */
export async function resultRows(
  script: Script,
  timezone: string,
  query: string,
  before: readonly string[] = [],
): Promise<string[]> {
  const [rows = []] = await answersOf(script, timezone, [query], before);
  return rows;
}

/** As `resultRows`, for several queries, with one run of the script. The queries may name each step. */
export async function answersOf(
  script: Pick<Script, 'sections'>,
  timezone: string,
  queries: readonly string[],
  before: readonly string[] = [],
): Promise<string[][]> {
  return await withResult(script, timezone, { before }, (connection) => answersIn(connection, queries));
}

async function answersIn(connection: DuckDBConnection, queries: readonly string[]): Promise<string[][]> {
  const all: string[][] = [];
  for (const query of queries)
    all.push((await (await connection.run(query)).getRowsJson()).map((row) => JSON.stringify(row)));
  return all;
}

/** Runs a script on DuckDB, writes its result and its counts as Spark does, and answers queries as `answersOf`. */
export async function writeResult(
  script: Script,
  timezone: string,
  output: string,
  queries: readonly string[] = [],
  run: DuckdbRun = {},
): Promise<string[][]> {
  const counts = join(output, '_recsample_counts');
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  return await withResult(script, timezone, run, async (connection) => {
    const steps = script.sections.flatMap((section) => section.steps);
    const day = steps.find((step) => step.kind === 'output')?.partition?.column ?? null;
    if (day === null) {
      await connection.run(`COPY result TO '${join(output, 'part 00000-of-uuid.parquet')}' (FORMAT parquet)`);
      writeFileSync(join(output, '_SUCCESS'), '');
    } else {
      const by = duckdbDialect.identifier(day);
      const days = await (await connection.run(`SELECT DISTINCT ${by} FROM result`)).getRowsJson();
      for (const [value] of days) {
        if (typeof value !== 'string') throw new Error('the name of a day is a text');
        const folder = join(output, `${day}=${value}`);
        mkdirSync(folder, { recursive: true });
        await connection.run(
          `COPY (SELECT * EXCLUDE (${by}) FROM result WHERE ${by} = '${value}') TO '${join(folder, 'part 0-uuid.parquet')}' (FORMAT parquet)`,
        );
      }
    }
    mkdirSync(counts);
    for (const step of steps) {
      if (step.kind !== 'counts') continue;
      for (const { name } of step.tables)
        await connection.run(
          `COPY (SELECT '${name}' AS counts, * FROM ${countsName(name)}) TO '${join(counts, `part-${name}.txt`)}' (FORMAT json)`,
        );
      await writeFileCounts(step, output, counts, connection);
      writeFileSync(join(counts, '_SUCCESS'), '');
    }
    return await answersIn(connection, queries);
  });
}

/** Runs the script of an extract on DuckDB and writes its folders as Spark does. */
export async function writeExtract(script: Script, timezone: string, output: string): Promise<void> {
  rmSync(output, { recursive: true, force: true });
  await withResult(script, timezone, {}, async (connection) => {
    for (const step of script.sections.flatMap(({ steps }) => steps)) {
      if (step.kind !== 'extract') continue;
      const folder = join(output, step.folder);
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      const file = join(folder, `part-0.${step.format}`);
      await connection.run(`COPY ${duckdbDialect.identifier(step.name)} TO '${file}' (FORMAT ${step.format})`);
      writeFileSync(join(folder, '_SUCCESS'), '');
    }
  });
}

/** What Spark says about the files of the inputs and of the result. */
async function writeFileCounts(
  { files: { plan, inputs, samples } }: CountsStep,
  output: string,
  counts: string,
  connection: DuckDBConnection,
): Promise<void> {
  const rowsOf = async (query: string): Promise<unknown[][]> => await (await connection.run(query)).getRowsJson();
  const files = async (pattern: string): Promise<string[]> =>
    (await rowsOf(`SELECT file FROM glob('${pattern}')`)).map(([file]) => String(file));
  const about = (path: string): object => {
    const { size, mtimeMs } = statSync(path);
    return { plan, path: `file:${path}`, bytes: size, modified: Math.floor(mtimeMs) * 1000 };
  };
  const result: object[] = [];
  for (const file of await files(`${output}/**/*.parquet`)) {
    const counted = `count(*), sum(${expressionSql(samples, duckdbDialect)})`;
    const [[rows, all] = []] = await rowsOf(`SELECT ${counted} FROM read_parquet('${file}')`);
    result.push(
      { ...about(file), rows: 0, samples: 0 },
      { plan, path: encodeURI(`file://${file}`), rows: Number(rows), samples: Number(all ?? 0) },
    );
  }
  const read: object[] = [];
  for (const { name, path } of inputs)
    for (const file of await files(/\.[a-z]+$/.test(path) ? path : `${path}/**`))
      if (/\.(parquet|csv|jsonl)$/.test(file)) read.push({ ...about(file), data: name });
  for (const [table, rows] of Object.entries({ files: result, inputs: read }))
    writeFileSync(
      join(counts, `part-${table}.txt`),
      rows.map((one) => `${JSON.stringify({ counts: table, ...one })}\n`).join(''),
    );
}

/**
 * The steps in another order that their needs allow: the last step that can run is the next one. So a script fails if a
 * step does not name what it needs.
 */
function lateOrder(script: Pick<Script, 'sections'>): Step[] {
  const needs = stepNeeds(script);
  const waiting = script.sections.flatMap(({ steps }) => steps);
  const ended = new Set<string>();
  const ordered: Step[] = [];
  while (waiting.length > 0) {
    const k = waiting.findLastIndex(({ name }) => needs.get(name)?.every((one) => ended.has(one)) === true);
    if (k < 0) throw new Error(`steps need each other: ${waiting.map(({ name }) => name).join()}`);
    for (const step of waiting.splice(k, 1)) {
      ended.add(step.name);
      ordered.push(step);
    }
  }
  return ordered;
}

/** Runs a script on DuckDB; afterwards, its rows are the table `result`. */
async function withResult<T>(
  script: Pick<Script, 'sections'>,
  timezone: string,
  { before = [], recomputesViews = false }: DuckdbRun,
  use: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    await connection.run(`SET TimeZone = '${timezone}'`);
    for (const statement of before) await connection.run(statement);
    const computedOnce = recomputesViews ? new Set<string>() : sharedNames(script);
    for (const step of lateOrder(script)) {
      if (step.kind === 'declared') {
        await checkDeclared(step, connection);
        continue;
      }
      const statement = statementOf(step, computedOnce.has(step.name));
      await connection.run(statement).catch((error: unknown) => {
        throw new Error(`${error instanceof Error ? error.message : ''}\n${statement}`);
      });
    }
    await connection.run("SET TimeZone = 'UTC'");
    return await use(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
