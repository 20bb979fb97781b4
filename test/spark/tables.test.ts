import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { FailureError } from '../../src/core/message/failure.ts';
import { render } from '../../src/core/message/message.ts';
import { generateScript } from '../../src/core/spark/generate.ts';
import type { SparkJob } from '../../src/core/spark/sparkJob.ts';
import { sparkSqlText } from '../../src/core/spark/sparkText.ts';
import type { Stage } from '../../src/core/schema/stage.ts';
import { FactsCache } from '../../src/project/facts/factsCache.ts';
import { openConfig } from '../../src/project/stage/configSource.ts';
import { isDrawable, type ResolvedStage } from '../../src/project/plan/resolveStage.ts';
import { StageJob } from '../../src/project/stage/stageJob.ts';
import type { PlanOverrides } from '../../src/core/sampling/plan/planStage.ts';
import { engine, folder } from '../engine/fixture.ts';
import { Dice } from '../sampling/dice.ts';
import { randomWorld } from '../sampling/randomWorld.ts';
import { overridesOf } from '../sampling/sampled.ts';
import { exactJson, type TableName, type World } from '../sampling/world.ts';
import { WorldFiles } from '../sampling/worldFiles.ts';
import { resultRows, sparkTypeOf } from './duckdbDialect.ts';
import { run } from './locks.ts';
import { columnsOf, comparable, difference, jobAndFile, queryRows } from './sparkJob.ts';
import { withoutUnsupported } from './withoutUnsupported.ts';

/** Worlds per run; a higher RECSAMPLE_WORLDS searches longer. */
const worlds = Number(process.env['RECSAMPLE_WORLDS'] ?? 6);
const directory = join(folder, 'spark-tables');
const inputs: readonly TableName[] = ['impressions', 'clicks', 'items', 'users', 'candidates', 'rejections'];

let files: WorldFiles;
before(async () => {
  files = await WorldFiles.open();
});
after(() => {
  files.close();
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function open(config: string, stage: Stage, overrides: PlanOverrides = {}): StageJob {
  const opened = openConfig({
    path: config,
    name: config,
    text: readFileSync(config, 'utf8'),
    language: 'json',
    root: dirname(config),
  });
  return new StageJob(opened, stage, overrides, { engine, trusted: true, cache: new FactsCache() });
}

/** The job of a config whose inputs are tables. */
async function jobOf(config: string, stage: Stage, overrides: PlanOverrides = {}): Promise<SparkJob> {
  const job = open(config, stage, overrides);
  const resolved = await job.resolve({ fresh: true, tables: 'declared' });
  assert.ok(isDrawable(resolved) && resolved.problems.length === 0, problemsOf(resolved));
  return await job.sparkJob(resolved, {});
}

function problemsOf({ problems }: ResolvedStage): string {
  return problems.map(({ message, advice }) => `${render(message)}. ${advice ? render(advice) : ''}`).join('; ');
}

/** The config of a world whose data sets are tables of the schema `the lake`, and the statements that make them. */
function asTables(config: string, { tables }: World): { readonly config: string; readonly before: readonly string[] } {
  let text = readFileSync(config, 'utf8');
  const made = ['CREATE SCHEMA "the lake"'];
  for (const [name, { types }] of Object.entries(tables)) {
    const declared = Object.entries(types).map(([column, type]) => [column, sparkTypeOf(type)]);
    text = text.replace(
      `"path":"${name}"`,
      `"table":"\`the lake\`.${name}","types":${JSON.stringify(Object.fromEntries(declared))}`,
    );
    made.push(
      `CREATE TABLE "the lake"."${name}" AS SELECT * FROM read_parquet('${join(dirname(config), name)}/**/*.parquet', hive_partitioning = true, hive_types_autocast = false)`,
    );
  }
  assert.doesNotMatch(text, /"path":/);
  const changed = join(dirname(config), 'tables.ratio.json');
  writeFileSync(changed, text);
  return { config: changed, before: made };
}

test(`tables of the catalog give the rows of files in ${worlds} random worlds, for every data set`, async () => {
  const used = new Set<string>();
  for (let k = 0; k < worlds; k++) {
    const world = withoutUnsupported(randomWorld(`spark tables ${k}`));
    const own = join(directory, String(k));
    const config = await files.write(world, own, 'parquet', new Dice(world.name));
    const { file } = await jobAndFile(config, world.stage, overridesOf(world));
    const catalog = asTables(config, world);
    const job = await jobOf(catalog.config, world.stage, overridesOf(world));
    for (const name of [...Object.keys(job.inputs.tables), ...job.inputs.clicks.map((one) => one.name)]) used.add(name);
    const columns = await columnsOf(file);
    const expected = await queryRows(comparable(columns, `read_parquet('${file}')`));
    const query = comparable(columns, 'result');
    const ours = await resultRows(generateScript(job), job.plan.timezone, query, catalog.before);
    assert.equal(difference(ours, expected), null, exactJson({ name: world.name, config: world.config }));
  }
  assert.deepEqual([...used].sort(), [...inputs].sort());
});

interface Choice {
  readonly table?: string;
  readonly types?: Readonly<Record<string, string>>;
  readonly partition?: { readonly column: string; readonly day_of: 'time' };
}
const types = { user_id: 'string', item_id: 'bigint', ts: 'timestamp', is_click: 'int', dt: 'string' };

function write({ table = 'warehouse.log', types: declared = types, partition }: Choice): string {
  mkdirSync(directory, { recursive: true });
  const config = join(directory, 'job.ratio.json');
  const columns = { user: 'user_id', item: 'item_id', time: 'ts' };
  const text = {
    version: 1,
    seed: 1,
    timezone: 'UTC',
    data: { impressions: { table, types: declared, columns, ...(partition ? { partition } : {}) } },
    events: { click: 'is_click' },
    window: { train: { from: '2026-11-01', to: '2026-11-10' } },
    stages: {
      recall: {
        unit: 'positive',
        positives: { events: { click: 1 } },
        negatives: { per_positive: { exposed_random: 2 } },
      },
    },
  };
  writeFileSync(config, JSON.stringify(text));
  return config;
}

async function sqlOf(choice: Choice): Promise<string> {
  const job = await jobOf(write(choice), 'recall');
  return sparkSqlText(generateScript(job), [], 'UTC', { output: 'out', work: 'work' });
}

test('names of tables are quoted: several parts, reserved words, dots and blanks', async () => {
  for (const [table, quoted] of [
    ['warehouse.log', 'warehouse.log'],
    ['spark_catalog.prod.order', 'spark_catalog.prod.`order`'],
    ['Prod.Log', '`Prod`.`Log`'],
    ['`my lake`.`log.2026`', '`my lake`.`log.2026`'],
    ['日志.曝光', '`日志`.`曝光`'],
    ['log', 'log'],
  ] as const)
    assert.ok((await sqlOf({ table })).includes(`\nFROM ${quoted};`), table);
});

test('a name that would end a statement is refused', async () => {
  for (const table of [
    '`log; DROP TABLE users`',
    'warehouse.log;',
    "warehouse.'log'",
    '`a``b`',
    '`a -- b`',
    '`a/*b`',
    '${system:user.name}.log',
  ]) {
    const refused = await sqlOf({ table }).then(
      () => null,
      (error: unknown) => error,
    );
    assert.ok(refused instanceof Error, table);
    if (refused instanceof FailureError)
      assert.match(render(refused.failure.message), /spark-sql would read its characters as syntax/);
  }
});

test('folders of other days are pruned by a partition column of any type', async () => {
  const partition = { column: 'dt', day_of: 'time' } as const;
  for (const [type, condition] of [
    ['string', /dt >= '2026-10-31'/],
    ['date', /dt >= CAST\('2026-10-31' AS DATE\)/],
    ['int', /dt >= 20261031L/],
  ] as const)
    assert.match(await sqlOf({ types: { ...types, dt: type }, partition }), condition);
});

test('a type that Spark does not have, and a column without a type, are named', async () => {
  const said = async (choice: Choice): Promise<string> =>
    problemsOf(await open(write(choice), 'recall').resolve({ fresh: true, tables: 'declared' }));
  assert.match(await said({ types: { ...types, ts: 'datetime' } }), /column ts has the unknown type datetime/);
  const { ts: _time, ...rest } = types;
  assert.match(await said({ types: rest }), /data\.impressions\.types has no column ts/);
  assert.match(await said({ table: 'warehouse..log' }), /warehouse\.\.log is not the name of a table/);
});

test('on this machine, a table cannot be sampled, and the message says what to do', async () => {
  const resolved = await open(write({}), 'recall').resolve({ fresh: true });
  assert.equal(
    problemsOf(resolved),
    'Nothing can be drawn: data.impressions is a Spark table, which only the Spark job can read. Write the job with recsample spark. To preview some users here, write an extract with recsample spark --extract. Or name files with path.',
  );
});

test('recsample spark writes the job of a table without its files, and --estimate says that it cannot count', async () => {
  const config = write({});
  const written = await run(directory, 'spark', config, '--output', 'out', '--out', 'job.sql');
  assert.equal(written.code, 0, written.err);
  assert.match(readFileSync(join(directory, 'job.sql'), 'utf8'), /\nFROM warehouse\.log;\n/);
  const { code, err } = await run(directory, 'spark', config, '--estimate');
  assert.equal(code, 2);
  assert.match(err, /data\.impressions is a Spark table, which only the Spark job can read/);
});
