import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createEngine } from '../../src/engine/process/engine.ts';
import { recsample } from '../cli/commandLine.ts';
import { tinyDemo } from '../fixtures/tinyDemo.ts';
import { writeCatalogTables } from './catalogTables.ts';
import { describe, placedRows } from './fileRows.ts';
import { exchangesOf, hashStepsOf, pairingsOf, wholeWindowsOf, type StepPlan } from './plans.ts';
import { comparableLock, fileLock, folderLock, locksOf } from './locks.ts';
import { sessionProgram, testPythonSession } from './pythonSession.ts';
import { interpreted, interpretedExpressions, skip, submit } from './realSpark.ts';
import { shownGroups } from './shownGroups.ts';
import { columnsOf, comparable, difference, queryRows } from './sparkJob.ts';

/** The negatives of the demo's recall stage, and one pool that takes their place: its groups are not written. */
const negativesOf = /negatives:[\s\S]*?training: .*\n/;
const weighted = `negatives:
      per_positive: 3
      mix: {popularity: {share: 1, exponent: 0.75, smoothing: 1, as_of: 2026-11-12}}
`;

/** Jobs that one session runs: their configs, and the options of their output. */
const jobs = {
  recall: { stage: 'recall', negatives: null, output: '' },
  wide: { stage: 'recall', negatives: weighted, output: 'layout: wide, order: shuffled, shards: 3, group_id: true' },
  rows: {
    stage: 'fine_ranking',
    negatives: null,
    output: 'order: shuffled_rows, shards: 4, partition_by: {column: dt, format: yyyyMMdd}',
  },
  user: { stage: 'histories', negatives: null, output: 'layout: user, order: shuffled, shards: 2, group_id: true' },
} as const;
type JobName = keyof typeof jobs;
const names = Object.keys(jobs) as JobName[];

/** Its jobs run in the same session, with their own settings. */
const python = testPythonSession('3.5');

let directory = '';
let plans: readonly StepPlan[] = [];
/** Users of the extract. */
let extracted: readonly string[] = [];
/** Its extract needs fewer statements than that of the whole recall stage. */
const extractedConfig = join('configs', 'wide.job.ratio.yaml');
const tablesConfig = join('configs', 'tables.ratio.yaml');
const at = (...parts: readonly string[]): string => join(directory, ...parts);
const outputOf = (name: JobName): string => at('out', `${name}.spark`);

async function run(...args: readonly string[]): Promise<string> {
  const { code, err, out } = await recsample(
    args,
    {},
    { directory, createEngine: () => Promise.resolve(createEngine({ threads: 1 })) },
  );
  assert.equal(code, 0, err);
  return out;
}

async function someUsers(file: string, count: number): Promise<string[]> {
  const rows = await queryRows(
    `SELECT CAST(user_id AS VARCHAR) FROM read_parquet('${file}') GROUP BY 1 ORDER BY md5(CAST(user_id AS VARCHAR)) LIMIT ${count}`,
  );
  return rows.map((row) => String((JSON.parse(row) as unknown[])[0]));
}

/** A file, or a folder of shards and days. */
const localName = (name: JobName): string => (name === 'recall' ? 'recall.parquet' : name);

function writeConfig(name: JobName): string {
  const { stage, negatives, output } = jobs[name];
  const file = join('configs', `${name}.job.ratio.yaml`);
  const text = readFileSync(at('configs', `${stage}.ratio.yaml`), 'utf8').replace(
    `out/${stage}.parquet`,
    `out/${localName(name)}`,
  );
  const drawn = negatives === null ? text : text.replace(negativesOf, negatives);
  writeFileSync(
    at(file),
    output === ''
      ? drawn
      : drawn
          .replace(/output: \{layout: long(, order: shuffled)?/, `output: {${output}`)
          .replace('\n  layout: long\n', `\n  ${output.replaceAll(', ', '\n  ')}\n`),
  );
  return file;
}

before(async () => {
  if (skip !== false) return;
  directory = mkdtempSync(join(tmpdir(), 'recsample-spark-session-'));
  await tinyDemo(directory, { bad: false });
  for (const name of names) {
    const config = writeConfig(name);
    await run('sample', config, '--digest');
    // The log is read from a copy, as on a cluster.
    const args = ['--input-root', `data=${at('data')}`, '--output', outputOf(name)];
    await run('spark', config, ...args, '--out', `${name}.py`);
  }
  extracted = await someUsers(at('out', 'wide', '*.parquet'), 3);
  const places = ['--input-root', `data=${at('data')}`, '--output', at('out', 'wide.extract')];
  await run('spark', extractedConfig, '--extract', '--users', extracted.join(','), ...places, '--out', 'extract.py');
  await run('sample', 'configs/fine_ranking.ratio.yaml', '--out', 'out/local.parquet');
  await writeCatalogTables(directory, { config: tablesConfig, program: 'make_tables.py' });
  await run('spark', tablesConfig, '--output', at('out', 'tables.spark'), '--out', 'tables.py');
  // An older result, and what killed jobs left.
  for (const old of ['recall.spark', '_staged/recall.spark', '_replaced/recall.spark']) {
    mkdirSync(at('out', old), { recursive: true });
    writeFileSync(at('out', old, 'old.parquet'), 'old');
  }
  // A day that no job writes.
  mkdirSync(join(outputOf('rows'), 'dt=19990101'), { recursive: true });
  cpSync(at('out', 'recall.parquet'), join(outputOf('rows'), 'dt=19990101', 'kept.parquet'));
  const asForUsers = interpreted.map((setting) => setting.replace(/=.*/, '='));
  // Tables of the demo are small. Without this, Spark would send all of them to every task.
  const settings = ['spark.sql.ansi.enabled=true', 'spark.sql.autoBroadcastJoinThreshold=-1'];
  const compiled = ['recall.py', 'wide.py'];
  // Interpreted, which is cheaper. `--run` compiles the fine ranking stage; the extract, the order of shuffled rows and
  // the checks of tables are compiled in no test.
  const others = [...interpretedExpressions, 'rows.py', 'user.py', 'extract.py', 'make_tables.py', 'tables.py'];
  const args = [...(await python.write()), ...asForUsers, ...settings, 'plans.jsonl', ...compiled, ...others];
  python.read(await submit('3.5', directory, sessionProgram, args));
  plans = readFileSync(at('plans.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as StepPlan);
});
after(() => {
  if (directory !== '') rmSync(directory, { recursive: true, force: true });
});

const read = (files: string): string =>
  `read_parquet('${files}', hive_partitioning = true, hive_types_autocast = false, filename = true, file_row_number = true)`;

/** `isPlaced`: the order of the rows and their numbered files are compared too. */
async function assertEqual(local: string, folder: string, isPlaced: boolean): Promise<void> {
  const own = new Set(['filename', 'file_row_number']);
  const columns = (await describe(read(local))).filter(([name]) => !own.has(name));
  const types = (await describe(read(folder))).filter(([name]) => !own.has(name));
  assert.deepEqual(types, columns);
  const place = isPlaced ? 'filename, file_row_number' : null;
  const shard = isPlaced ? `regexp_extract(filename, 'part-([0-9]+)', 1)` : "''";
  const rows = (files: string): Promise<string[]> =>
    queryRows(
      placedRows([...columns, ['@file', 'VARCHAR']], `(SELECT *, ${shard} AS "@file" FROM ${read(files)})`, place),
    );
  const expected = await rows(local);
  assert.equal(difference(await rows(folder), expected), null);
  assert.ok(expected.length > 50, `${expected.length} rows`);
}

test('spark-submit draws the recall stage of the demo, in ANSI mode', { skip }, async () => {
  await assertEqual(at('out', 'recall.parquet'), join(outputOf('recall'), '*.parquet'), false);
});

test(
  'the result of a Python job takes the place of an older one, and its lock file is that of the local file',
  { skip },
  async () => {
    const [file, folder] = [at('out', 'recall.parquet'), outputOf('recall')];
    assert.ok(!existsSync(join(folder, 'old.parquet')));
    for (const left of ['_staged', '_replaced']) assert.ok(!existsSync(at('out', left)), left);
    await run('lock', folder);
    assert.deepEqual(comparableLock(folderLock(folder)), comparableLock(fileLock(file)));
    await run('diff', file, folder);
  },
);

test('the extract of a Spark job shows the rows of its users, equal to those of the whole data', { skip }, async () => {
  const args = ['preview', extractedConfig, '--format', 'json'];
  const expected = shownGroups(await run(...args, '--users', extracted.join(',')));
  assert.deepEqual(shownGroups(await run(...args, '--extract', at('out', 'wide.extract'))), expected);
  assert.ok(expected.reduce((sum, { groups }) => sum + groups.length, 0) > 2);
});

test(
  'layout wide, shuffled groups and shards: each file has the rows of the local one, in its order',
  { skip },
  async () => {
    await assertEqual(at('out', 'wide', '*.parquet'), join(outputOf('wide'), '*.parquet'), true);
  },
);

test('layout user: stored steps, slices and order are those of the local files', { skip }, async () => {
  await assertEqual(at('out', 'user', '*.parquet'), join(outputOf('user'), '*.parquet'), true);
  await run('lock', outputOf('user'));
  assert.deepEqual(locksOf(outputOf('user'), true, false), locksOf(at('out', 'user'), true, false));
});

test('shuffled rows in shards of days are the local ones, and another day of the target stays', { skip }, async () => {
  await assertEqual(at('out', 'rows', '*', '*.parquet'), join(outputOf('rows'), '*', 'part-*.parquet'), true);
  assert.ok(existsSync(join(outputOf('rows'), 'dt=19990101', 'kept.parquet')));
});

test('the lock files of wide and daily results are those of the local ones', { skip }, async () => {
  for (const name of ['wide', 'rows'] as const) {
    await run('lock', outputOf(name));
    const isByDay = name === 'rows';
    const locks = locksOf(outputOf(name), true, isByDay);
    // The day that no job writes has none.
    assert.deepEqual(locks, locksOf(at('out', name), true, isByDay));
  }
});

/** Steps with windows that have no PARTITION BY: how many at most, and why they see few rows. */
const small: readonly (readonly [step: RegExp, most: number, reason: string])[] = [
  [/__pool$/, 1, 'sums of the ranges of a pool: one row for each task that sorts the pool'],
  [/^drawn_groups$/, 2, 'sums of the hours in which the items of a pool come and go'],
  [/__acceptable$/, 1, 'the same sums, where a job reads them several times'],
  [/^result$/, 1, 'sums of the buckets of the order: at most 65,536'],
];
/** Exchanges of each job, at most. A join whose sides are not together has two. */
const mostExchanges: Readonly<Record<JobName, number>> = { recall: 430, wide: 80, rows: 16, user: 60 };

/** Exchanges of the counts for the lock file, which only read small tables, groups and one pass of the rows. */
const mostOfCounts = 55;
const isCounted = ({ step }: StepPlan): boolean => /^(counts|row_counts)$/.test(step);
/** Steps that compare the inputs with the job: they read a row at most. */
const isCheck = ({ step }: StepPlan): boolean => step.startsWith('input_');

test('no step pairs all rows of two tables', { skip }, () => {
  const found = plans.filter((plan) => pairingsOf(plan) > 0);
  assert.deepEqual(
    found.map(({ step }) => step),
    [],
  );
});

test('no window sees all rows of a large table', { skip }, () => {
  const found = plans.map((plan) => [plan.step, wholeWindowsOf(plan)] as const).filter(([, count]) => count > 0);
  const most = (step: string): number => small.find(([name]) => name.test(step))?.[1] ?? 0;
  assert.deepEqual(
    found.filter(([step, count]) => count > most(step)),
    [],
  );
  // Each line of the list is needed: otherwise, windows are no longer found.
  for (const [name] of small)
    assert.ok(
      found.some(([step]) => name.test(step)),
      String(name),
    );
});

test('hashes are computed once: no step has more operations than its draws need', { skip }, () => {
  const found = plans.map((plan) => [plan.step, hashStepsOf(plan)] as const).filter(([, count]) => count > 40);
  assert.deepEqual(found, []);
  assert.ok(plans.some((plan) => hashStepsOf(plan) > 10));
});

test('the number of exchanges of each job is bounded', { skip }, () => {
  for (const name of names) {
    const own = plans.filter(({ job }) => job === name);
    const sum = (some: readonly StepPlan[]): number => some.reduce((total, plan) => total + exchangesOf(plan), 0);
    const count = sum(own.filter((plan) => !isCounted(plan) && !isCheck(plan)));
    assert.ok(count > 3 && count <= mostExchanges[name], `${name}: ${count} exchanges`);
    const counts = sum(own.filter(isCounted));
    assert.ok(counts <= mostOfCounts, `${name}: ${counts} exchanges of counts`);
  }
});

const tablePlans = (): readonly StepPlan[] => plans.filter(({ job }) => job === 'tables');

test('tables of the catalog give the rows of the local file', { skip }, async () => {
  const columns = await columnsOf(at('out', 'local.parquet'));
  const rows = async (files: string): Promise<string[]> =>
    await queryRows(comparable(columns, `read_parquet('${files}')`));
  const expected = await rows(at('out', 'local.parquet'));
  assert.equal(difference(await rows(at('out', 'tables.spark', '*.parquet')), expected), null);
  assert.ok(expected.length > 50, `${expected.length} rows`);
});

test('partitions of a table are pruned by the window: the plans that read it have the days', { skip }, () => {
  const reading = tablePlans().filter(({ physical }) =>
    /Scan parquet spark_catalog\.lake\.impressions/i.test(physical),
  );
  assert.ok(
    reading.length > 0,
    tablePlans()
      .map(({ step }) => step)
      .join(),
  );
  for (const { step, physical } of reading)
    assert.match(physical, /PartitionFilters: \[[^\]]*dt#\d+ >= 2026-10-31[^\]]*dt#\d+ <= 2026-11-21/, step);
});

test('the checks of columns and types read no row, and pair none', { skip }, () => {
  const checks = tablePlans().filter(({ step }) => /^input_(columns|types)$/.test(step));
  assert.equal(checks.length, 2);
  for (const plan of checks) {
    assert.equal(pairingsOf(plan), 0, plan.physical);
    assert.doesNotMatch(plan.physical, /Scan parquet/);
  }
});
