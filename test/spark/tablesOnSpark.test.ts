import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { typeOfSpark } from '../../src/core/table/sparkType.ts';
import { sparkTypeOf } from './duckdbDialect.ts';
import { describe } from './fileRows.ts';
import { run as recsampleIn } from './locks.ts';
import { pairingsOf, type StepPlan } from './plans.ts';
import { skip, submit } from './realSpark.ts';
import { columnsOf, comparable, difference, queryRows } from './sparkJob.ts';

const config = join('configs', 'tables.ratio.yaml');
let directory = '';
let plans: readonly StepPlan[] = [];
const at = (...parts: readonly string[]): string => join(directory, ...parts);

async function run(...args: readonly string[]): Promise<string> {
  const { code, out, err } = await recsampleIn(directory, ...args);
  assert.equal(code, 0, err);
  return out;
}

/** The fine ranking stage of the demo with tables of the catalog, and a program that makes the tables. */
async function writeTables(): Promise<void> {
  const statements = ['CREATE DATABASE lake'];
  let text = readFileSync(at('configs', 'fine_ranking.ratio.yaml'), 'utf8');
  for (const [name, files] of [
    ['impressions', 'data/impressions/dt=*/*.parquet'],
    ['items', 'data/items.parquet'],
  ] as const) {
    const isByDay = name === 'impressions';
    const types = (await describe(`read_parquet('${at(files)}', hive_partitioning = false)`))
      .map(([column, type]) => [column, sparkTypeOf(type)] as const)
      // The stage does not use the others.
      .filter(([, type]) => typeOfSpark(type) !== null)
      .map(([column, type]) => `${column}: ${JSON.stringify(type)}`);
    const declared = `{${[...types, ...(isByDay ? ['dt: date'] : [])].join(', ')}}`;
    const partition = isByDay ? '\n    partition: {column: dt, day_of: time}' : '';
    text = text.replace(`path: ../${files}`, `table: lake.\`${name}\`\n    types: ${declared}${partition}`);
    statements.push(
      `CREATE TABLE lake.${name} USING parquet ${isByDay ? 'PARTITIONED BY (dt) ' : ''}AS SELECT * FROM parquet.\`${files.replace('/dt=*/*.parquet', '')}\``,
    );
  }
  writeFileSync(at(config), text);
  const program = ['from pyspark.sql import SparkSession', 'spark = SparkSession.builder.getOrCreate()'];
  const made = statements.map((one) => `spark.sql(${JSON.stringify(one)})`);
  writeFileSync(at('make_tables.py'), `${[...program, ...made].join('\n')}\n`);
}

before(async () => {
  if (skip !== false) return;
  directory = mkdtempSync(join(tmpdir(), 'recsample-spark-tables-'));
  await run('demo', directory, '--scale', 'tiny');
  await run('sample', 'configs/fine_ranking.ratio.yaml', '--out', 'out/local.parquet');
  await writeTables();
  await run('spark', config, '--output', at('out', 'tables.spark'), '--out', 'tables.py');
  const program = fileURLToPath(new URL('plans.py', import.meta.url));
  const shown = ['spark.sql.debug.maxToStringFields=10000', 'spark.sql.maxPlanStringLength=2000000000'];
  await submit('submit', directory, program, ['spark.sql.autoBroadcastJoinThreshold=-1', ...shown], {
    args: ['plans.jsonl', 'make_tables.py', 'tables.py'],
  });
  plans = readFileSync(at('plans.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as StepPlan);
});
after(() => {
  if (directory !== '') rmSync(directory, { recursive: true, force: true });
});

test('tables of the catalog give the rows of the local file', { skip }, async () => {
  const columns = await columnsOf(at('out', 'local.parquet'));
  const rows = async (files: string): Promise<string[]> =>
    await queryRows(comparable(columns, `read_parquet('${files}')`));
  const expected = await rows(at('out', 'local.parquet'));
  assert.equal(difference(await rows(at('out', 'tables.spark', '*.parquet')), expected), null);
  assert.ok(expected.length > 50, `${expected.length} rows`);
});

test('partitions of a table are pruned by the window: the plans that read it have the days', { skip }, () => {
  const reading = plans.filter(({ physical }) => /Scan parquet spark_catalog\.lake\.impressions/i.test(physical));
  assert.ok(reading.length > 0, plans.map(({ step }) => step).join());
  for (const { step, physical } of reading)
    assert.match(physical, /PartitionFilters: \[[^\]]*dt#\d+ >= 2026-10-31[^\]]*dt#\d+ <= 2026-11-21/, step);
});

test('the checks of columns and types read no row, and pair none', { skip }, () => {
  const checks = plans.filter(({ step }) => /^input_(columns|types)$/.test(step));
  assert.equal(checks.length, 2);
  for (const plan of checks) {
    assert.equal(pairingsOf(plan), 0, plan.physical);
    assert.doesNotMatch(plan.physical, /Scan parquet/);
  }
});
