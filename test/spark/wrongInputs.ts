import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { generateScript } from '../../src/core/spark/generate.ts';
import { sparkPythonText } from '../../src/core/spark/pythonText.ts';
import { folder } from '../engine/fixture.ts';
import { skip, type SparkVersion } from './realSpark.ts';
import { jobAndFile, queryRows } from './sparkJob.ts';

/** The files on the cluster differ from those for which the job was written. */
interface Wrong {
  readonly name: string;
  /** Spark 4.3 reads integers of 32 bits as BIGINT, and says less about text files; the others say the same. */
  readonly only?: '3.5';
  readonly format: 'parquet' | 'csv';
  /** SQL of the log and of the items on the cluster; null: no folder; empty: no files. */
  readonly log: string | null;
  /** SQL of another file of the log, which is the first by name. */
  readonly older?: string;
  /** The log is this table of the catalog, which has its rows. */
  readonly table?: string;
  readonly items: string;
  /** The folder of the log, and of the log for which the job was written; `log` by default. */
  readonly folder?: string;
  /** A column that the result copies. */
  readonly copied?: string;
  /** Where the result goes is a link to the log on the cluster. */
  readonly isLinked?: boolean;
  /** The items have a condition, so more than their ids is read. */
  readonly hasCondition?: boolean;
  /** Negatives of each positive, with `on_shortfall: fail`. */
  readonly mustHave?: number;
  /** What the failure says; null: the job ends well. */
  readonly fails: RegExp | null;
}

const log = `SELECT 'u' || k AS user_id, CAST(k % 7 AS BIGINT) AS item_id, TIMESTAMP '2026-11-01 10:00:00' + k * INTERVAL 1 HOUR AS ts, k % 2 = 0 AS is_click FROM range(40) r(k)`;
const types = { user_id: 'string', item_id: 'bigint', ts: 'timestamp_ntz', is_click: 'boolean' };
const items = 'SELECT CAST(k AS BIGINT) AS item_id FROM range(20) r(k)';

/** Names that need quotes at each depth, and characters of patterns in the names of a folder and a file. */
const deep = "{'a b.c': k, '负样本': [{'<d>, e: f': k}], 'm': MAP {'${env:HOME}; \"x\"': {'g#1': k}}}";

const cases: readonly Wrong[] = [
  {
    name: 'names',
    format: 'parquet',
    folder: 'lo[g],{1}',
    copied: 'deep',
    log: log.replace('AS is_click', `AS is_click, ${deep} AS deep`),
    items,
    fails: null,
  },
  {
    name: 'letter_case',
    format: 'parquet',
    log: log.replace('AS is_click', 'AS is_click, k AS é, -k AS É'),
    items,
    fails: /COLUMN_ALREADY_EXISTS[^]*é/,
  },
  {
    name: 'replaced',
    format: 'parquet',
    isLinked: true,
    log,
    items,
    fails: /Spark would replace the data that it reads: .*links\/replaced\/log and .*\/replaced\/log overlap/,
  },
  { name: 'no_folder', only: '3.5', format: 'parquet', log: null, items, fails: /no_folder\/log/ },
  {
    name: 'other_type',
    only: '3.5',
    format: 'parquet',
    log: log.replace('k % 7 AS BIGINT', 'k % 7 AS INTEGER'),
    items,
    fails: /item_id[^]*(INT32|bigint)/,
  },
  {
    name: 'separator',
    only: '3.5',
    format: 'parquet',
    log: log.replace(`'u' || k`, `'u' || chr(31) || k`),
    items,
    fails: /data\.impressions, column user_id: an id contains U\+001F/,
  },
  {
    name: 'duplicates',
    only: '3.5',
    format: 'parquet',
    log,
    items: `${items} UNION ALL SELECT 3`,
    hasCondition: true,
    fails: /data\.items, column item_id: several rows have the id 3/,
  },
  {
    // Repeated ids count once.
    name: 'shortfall',
    only: '3.5',
    format: 'parquet',
    log,
    items: `${items} UNION ALL SELECT 3`,
    mustHave: 30,
    fails: /on_shortfall is fail: global_random lacks 220 of 600 rows, in 20 groups/,
  },
  {
    name: 'leading_zero',
    only: '3.5',
    format: 'csv',
    log: log.replace('CAST(k % 7 AS BIGINT)', `'00' || k % 7`),
    items,
    fails: /data\.impressions, column item_id: the job was written for BIGINT, but a file has 00\d/,
  },
  {
    name: 'other_header',
    only: '3.5',
    format: 'csv',
    log: log.replace('AS is_click', 'AS clicked'),
    items,
    fails: /is_click[^]*clicked|clicked[^]*is_click/,
  },
  {
    name: 'ragged',
    only: '3.5',
    format: 'csv',
    log: log.replace('AS is_click', 'AS is_click, 5 AS more'),
    items,
    fails: /more|[Mm]alformed|header/,
  },
  {
    name: 'no_column',
    format: 'parquet',
    log: log.replace(', k % 2 = 0 AS is_click', ''),
    items,
    fails: /data\.impressions, \S*no_column\/log: the job was written for columns that are missing there: is_click/,
  },
  {
    name: 'no_column_of_items',
    format: 'parquet',
    log,
    items: items.replace('item_id', 'id'),
    fails: /data\.items, \S*\/items: the job was written for columns that are missing there: item_id/,
  },
  {
    // A column that is newer than the first file, a name in another case, and nanoseconds that the job does not read.
    name: 'newer_and_other_columns',
    format: 'parquet',
    log: log
      .replace('AS ts', 'AS "TS"')
      .replace('AS is_click', `AS is_click, TIMESTAMP_NS '2026-11-01 10:00:00.123456789' AS logged`),
    older: log.replace('AS ts', 'AS "TS"').replace(', k % 2 = 0 AS is_click', ''),
    items,
    fails: null,
  },
  {
    name: 'no_files',
    format: 'parquet',
    log: '',
    items,
    fails: /data\.impressions, \S*no_files\/log: there are no files/,
  },
  {
    name: 'no_text_files',
    format: 'csv',
    log: '',
    items,
    fails: /data\.impressions, \S*no_text_files\/log: there are no files/,
  },
  { name: 'table', format: 'parquet', log, table: 'lake.`order`', items, fails: null },
  {
    name: 'types_of_table',
    format: 'parquet',
    log: log
      .replace('k % 7 AS BIGINT', 'k % 7 AS INTEGER')
      .replace('AS is_click', ')::INT AS is_click')
      .replace('k % 2', '(k % 2'),
    table: 'lake.types_of_table',
    items,
    fails:
      /data\.impressions, table lake\.types_of_table: columns have other types than the config declares: item_id is declared as bigint, but it is int, is_click is declared as boolean, but it is int/,
  },
  {
    name: 'column_of_table',
    format: 'parquet',
    log: log.replace('AS ts', 'AS at'),
    table: 'lake.column_of_table',
    items,
    fails: /data\.impressions, table lake\.column_of_table: the job was written for columns that are missing there: ts/,
  },
  {
    name: 'no_table',
    format: 'parquet',
    log: null,
    table: 'lake.no_table',
    items,
    fails: /TABLE_OR_VIEW_NOT_FOUND[^]*no_table/,
  },
];
const casesOf = (version: SparkVersion): readonly Wrong[] => cases.filter(({ only = version }) => only === version);

const wrongInputsFolder = join(folder, 'wrong-files');
const results = new Map<string, string>();

async function write(path: string, format: Wrong['format'], rows: string, name = 'part-0'): Promise<void> {
  mkdirSync(join(wrongInputsFolder, path), { recursive: true });
  await queryRows(`COPY (${rows}) TO '${join(wrongInputsFolder, path)}/${name}.${format}' (FORMAT ${format})`);
}

/** Writes the jobs for right files, and the wrong files that a session runs them over. */
export async function writeWrongInputs(): Promise<void> {
  for (const format of ['parquet', 'csv'] as const) {
    await write(`data/${format}/log`, format, log);
    await write(`data/${format}/items`, format, items);
  }
  mkdirSync(join(wrongInputsFolder, 'links'));
  for (const one of cases) {
    const { name, format, log: wrong, older, table, items: wrongItems, mustHave, fails, copied } = one;
    const { folder: place = 'log', isLinked = false, hasCondition = false } = one;
    const where = hasCondition ? { where: { item_id: { op: '>=', value: 0 } } } : {};
    if (place !== 'log') await write(`data/${format}/${place}`, format, wrong ?? '', 'part[0]');
    if (isLinked) symlinkSync(join(wrongInputsFolder, name), join(wrongInputsFolder, 'links', name));
    const columns = { user: 'user_id', item: { column: 'item_id', type: 'int64' }, time: 'ts' };
    const config = {
      version: 1,
      seed: 1,
      data: {
        impressions: { ...(table === undefined ? { path: `../data/${format}/${place}` } : { table, types }), columns },
        items: { path: `../data/${format}/items`, columns: { item: columns.item }, ...where },
      },
      events: { click: 'is_click' },
      output: copied === undefined ? {} : { pass_through: [{ column: copied, side: 'context' }] },
      stages: {
        recall: {
          unit: 'positive',
          positives: { events: { click: 1 } },
          negatives: { per_positive: { global_random: mustHave ?? 2 } },
        },
        // Of few statements, for jobs that run to their end.
        fine_ranking: {
          unit: 'impression',
          positives: { events: { click: 1 } },
          negatives: { mix: { exposed_unclicked: { share: 1 } } },
        },
      },
    };
    mkdirSync(join(wrongInputsFolder, 'configs'), { recursive: true });
    const path = join(wrongInputsFolder, 'configs', `${name}.ratio.json`);
    writeFileSync(path, JSON.stringify(config));
    const { job: kept } = await jobAndFile(path, fails === null ? 'fine_ranking' : 'recall');
    const job = mustHave === undefined ? kept : { ...kept, plan: { ...kept.plan, onShortfall: 'fail' as const } };
    const roots = [{ from: join(wrongInputsFolder, 'data', format), to: join(wrongInputsFolder, name) }];
    const places = {
      output: isLinked
        ? `file://${join(wrongInputsFolder, 'links', name, place)}`
        : join(wrongInputsFolder, 'out', name),
      work: join(wrongInputsFolder, '_work', name),
    };
    writeFileSync(
      join(wrongInputsFolder, `${name}.py`),
      sparkPythonText(generateScript(job, roots), [], 'UTC', places),
    );
    if (wrong === '') mkdirSync(join(wrongInputsFolder, name, 'log'), { recursive: true });
    else if (wrong !== null) await write(`${name}/${place}`, format, wrong, place === 'log' ? undefined : 'part[0]');
    if (older !== undefined) await write(`${name}/log`, format, older, 'a-0');
    await write(`${name}/items`, format, wrongItems);
  }
}

/** Writes a program that runs all jobs and never fails. */
export function wrongInputsProgram(version: SparkVersion): string {
  const file = join(wrongInputsFolder, `all-${version}.py`);
  writeFileSync(file, allJobs(version));
  return file;
}

/** Keeps how the jobs of the program ended. */
export function readWrongInputs(version: SparkVersion, printed: string): void {
  const ends = JSON.parse(/^RESULTS (.*)$/m.exec(printed)?.[1] ?? '{}') as Readonly<Record<string, string>>;
  for (const [name, end] of Object.entries(ends)) results.set(`${name} ${version}`, end);
}

/** Prints how each job ends, and whether it has written a result. */
function allJobs(version: SparkVersion): string {
  const tables = cases.filter(({ table, log: rows }) => table !== undefined && rows !== null);
  return `import json
import os
import runpy
from pyspark.sql import SparkSession

FOLDER = ${JSON.stringify(`${wrongInputsFolder}/`)}
spark = SparkSession.builder.getOrCreate()
spark.sql("CREATE DATABASE IF NOT EXISTS lake")
for name, table in ${JSON.stringify(tables.map(({ name, table }) => [name, table]))}:
    spark.sql("CREATE TABLE " + table + " USING parquet AS SELECT * FROM parquet.\`" + FOLDER + name + "/log\`")
results = {}
for name in ${JSON.stringify(casesOf(version).map(({ name }) => name))}:
    try:
        runpy.run_path(FOLDER + name + ".py", run_name="__main__")
        results[name] = "no failure"
    except Exception as error:
        results[name] = str(error)[:6000]
    places = [FOLDER + "out/" + name, FOLDER + "out/_staged/" + name]
    written = [path for path in places if os.path.exists(path)]
    results[name] += "; written: " + str(len(written))
    if written:
        os.rename(written[0], FOLDER + "out/${version} " + name)
print("RESULTS " + json.dumps(results), flush=True)
`;
}

/** The tests of a version. */
export function testWrongInputs(version: SparkVersion): void {
  for (const { name, fails } of casesOf(version))
    test(
      fails === null
        ? `a job reads other files that have its columns: ${name}, Spark ${version}`
        : `a job says what is wrong with its inputs, and writes nothing: ${name}, Spark ${version}`,
      { skip },
      () => {
        const end = results.get(`${name} ${version}`) ?? 'no result';
        if (fails === null) assert.equal(end, 'no failure; written: 1');
        else {
          assert.match(end, fails);
          assert.match(end, /; written: 0$/);
        }
      },
    );

  test(
    `names inside a column, and of files like patterns, are read as they are, Spark ${version}`,
    { skip },
    async () => {
      const rows = (files: string): Promise<string[]> =>
        queryRows(`SELECT item_id, CAST(to_json(deep) AS VARCHAR) FROM read_parquet('${files}') ORDER BY ALL`);
      const expected = await rows(`${wrongInputsFolder}/names/lo?g],{1}/*.parquet`.replaceAll(/[[\]{}]/g, '?'));
      assert.deepEqual(await rows(`${wrongInputsFolder}/out/${version} names/*.parquet`), expected);
      assert.ok(expected.length > 30);
    },
  );

  test(`a job that would replace its log leaves it as it was, Spark ${version}`, { skip }, () => {
    assert.deepEqual(readdirSync(join(wrongInputsFolder, 'replaced', 'log')), ['part-0.parquet']);
  });
}
