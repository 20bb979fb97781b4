import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { generateScript } from '../../src/core/spark/generate.ts';
import { sparkSqlText } from '../../src/core/spark/sparkText.ts';
import { folder } from '../engine/fixture.ts';
import { DemoFolder } from './demoFolder.ts';
import { run } from './locks.ts';
import { killOnceThere, runOnWorkers, skip } from './realSpark.ts';
import { shownGroups } from './shownGroups.ts';
import { columnsOf, comparable, difference, jobAndFile, queryRows } from './sparkJob.ts';
import { writeTextWorld } from './textWorld.ts';

/** A job as spark-sql reads it. Its rows must not depend on the mode. */
interface SqlJob {
  readonly sql: string;
  readonly ansi: boolean;
}

/** A job with its output, and the local file that has its rows. */
interface LocalJob extends SqlJob {
  readonly output: string;
  readonly file: string;
}

const splits = ['train', 'eval'] as const;
/** Which stage of the text files is drawn: they are read in the same way, and that of `eval` has few statements. */
const textStages = { train: 'recall', eval: 'fine_ranking' } as const;
const fine = 'configs/fine_ranking.ratio.yaml';
/** No job has this zone. */
const otherZone = 'spark.sql.session.timeZone=Asia/Shanghai';

let demo: DemoFolder;
const texts = new Map<string, LocalJob>();
/** The users of the extract. */
let extracted = '';
/** The job whose process was killed. */
let killed: SqlJob;
/** What the session of Spark 3.5 printed. */
let printed = '';

function localJob(found: Awaited<ReturnType<typeof jobAndFile>>, directory: string, ansi: boolean): LocalJob {
  const [output, work] = [join(directory, 'spark'), join(directory, '_work')];
  const sql = sparkSqlText(generateScript(found.job), [], found.job.plan.timezone, { output, work });
  return { sql, ansi, output, file: found.file };
}

/** The job of a stage of the demo. Evaluation runs in ANSI mode. */
async function demoJob(stage: string, split: (typeof splits)[number], output: string): Promise<SqlJob> {
  const file = `${stage}-${split}.sql`;
  const args = ['--split', split, '--output', output, '--out', file];
  await demo.run('spark', `configs/${stage}.ratio.yaml`, ...args);
  return { sql: readFileSync(demo.at(file), 'utf8'), ansi: split === 'eval' };
}

/** The job that pulls what a preview of the two users with the most impressions needs. */
async function extractJob(): Promise<SqlJob> {
  const log = demo.at('data', 'impressions', '*', '*.parquet');
  const users = await queryRows(
    `SELECT CAST(user_id AS VARCHAR) FROM read_parquet('${log}') GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 2`,
  );
  extracted = users.map((row) => String((JSON.parse(row) as unknown[])[0])).join(',');
  await demo.run('spark', fine, '--extract', '--users', extracted, '--out', 'extract.sql');
  return { sql: readFileSync(demo.at('extract.sql'), 'utf8'), ansi: false };
}

/** The job, but each task sleeps at its first row. So the process is killed before the result is complete. */
function endless({ sql, ansi }: SqlJob, output: string): SqlJob {
  const [before = '', result = ''] = sql.split(`INSERT OVERWRITE DIRECTORY '${output}' USING parquet\n`);
  const end = result.indexOf(';');
  assert.ok(end > 0, sql);
  const rows = `SELECT * FROM (\n${result.slice(0, end)}\n) WHERE reflect('java.lang.Thread', 'sleep', 3600000L) <> ''`;
  return { sql: `${before}INSERT OVERWRITE DIRECTORY '${output}' USING parquet\n${rows}${result.slice(end)}`, ansi };
}

const coarseOutput = (): string => demo.at('out', 'coarse');
const killedOutput = (): string => demo.at('out', 'killed');

/**
 * Jobs that one session runs, one after another. The first failure ends all of them. Each begins in the zone of the
 * session, not in that of the job before it.
 */
function fileOfAll(name: string, jobs: readonly SqlJob[]): string {
  const file = demo.at(name);
  const texts = jobs.map(
    ({ sql, ansi }) => `SET spark.sql.ansi.enabled=${ansi};\nRESET spark.sql.session.timeZone;\n${sql}`,
  );
  writeFileSync(file, texts.join('\n'));
  return file;
}

before(async () => {
  if (skip !== false) return;
  demo = await DemoFolder.write();
  for (const split of splits) {
    const directory = join(folder, `text-${split}`);
    const found = await jobAndFile(writeTextWorld(directory), textStages[split], { split });
    texts.set(split, localJob(found, directory, split === 'eval'));
  }
  const text = texts.get('train');
  assert.ok(text);
  // The plan of the statement that reads the log.
  const read = /INSERT OVERWRITE DIRECTORY '[^']*\/log_rows' USING parquet\n([^;]*);/.exec(text.sql)?.[1] ?? '';
  const explained = { ...text, sql: `${text.sql}EXPLAIN FORMATTED ${read};\n` };
  const others = [texts.get('eval')].filter((job) => job !== undefined);
  const coarse = await demoJob('coarse_ranking', 'train', coarseOutput());
  // A complete older result. The session is killed while its last job writes the new one.
  killed = await demoJob('fine_ranking', 'train', killedOutput());
  mkdirSync(killedOutput(), { recursive: true });
  for (const name of ['old.parquet', '_SUCCESS']) writeFileSync(join(killedOutput(), name), '');
  const jobs = [coarse, await extractJob(), explained, ...others, endless(killed, killedOutput())];
  const all = fileOfAll('all.sql', jobs);
  printed = await killOnceThere(demo.path, all, join(killedOutput(), '_temporary'), [otherZone]);
});
after(() => {
  if (skip === false) demo.remove();
});

async function assertLocalRows(job: LocalJob | undefined): Promise<void> {
  assert.ok(job);
  const columns = await columnsOf(job.file);
  const expected = await queryRows(comparable(columns, `read_parquet('${job.file}')`));
  const ours = await queryRows(comparable(columns, `read_parquet('${job.output}/*.parquet')`));
  assert.equal(difference(ours, expected), null);
}

test('spark-sql draws the coarse ranking stage of the demo', { skip }, async () => {
  await demo.assertEqualRows('configs/coarse_ranking.ratio.yaml', 'train', coarseOutput());
});

for (const split of splits)
  test(`Spark reads text files as the local sampler does: --split ${split}`, { skip }, async () => {
    const job = texts.get(split);
    await assertLocalRows(job);
    const [facts = '[]'] = await queryRows(
      `SELECT count(*) > 30, count(DISTINCT entry) = ${split === 'train' ? 2 : 1}, count(label_buy) < count(*), sum(label_click) > 0, bool_or(note IS NULL), max(grade) = ${split === 'train' ? 2 : 1}, bool_or(note = '') FROM read_parquet('${job?.file ?? ''}')`,
    );
    assert.deepEqual(
      JSON.parse(facts),
      Array.from({ length: 7 }, () => true),
    );
  });

test('preview shows the folder that spark-sql extracted, with the rows of the whole data', { skip }, async () => {
  const preview = ['preview', fine, '--format', 'json'];
  const { out: whole } = await demo.run(...preview, '--users', extracted);
  const { out } = await demo.run(...preview, '--extract', demo.at('out', 'fine_ranking.extract'));
  assert.deepEqual(shownGroups(out), shownGroups(whole));
  assert.equal(shownGroups(out).length, 2);
});

// Evaluation knows outcomes up to the newest row, so that no folder is too late.
test('a job reads only the folders of text files that its window needs', { skip }, () => {
  assert.match(printed, /PartitionFilters: \[.*dt#\d+ <= 2026-11-06/);
});

test('a job that is killed while it writes leaves a folder that is not complete', { skip }, async () => {
  assert.ok(!existsSync(join(killedOutput(), '_SUCCESS')), 'readers see that the folder is not complete');
  const { code, err } = await run(demo.path, 'lock', killedOutput());
  assert.equal(code, 2, err);
  assert.match(err, /_SUCCESS is missing/);
});

/** What `recsample inspect --digest` says about the rows of a file or folder. */
async function digestOf(sample: string): Promise<string> {
  const { out } = await demo.run('inspect', sample, '--digest');
  const [digest = ''] = /\b[0-9a-f]{32}\b/.exec(out) ?? [];
  assert.notEqual(digest, '', out);
  return digest;
}

test(
  '--run draws the fine ranking stage of the demo with two workers of Spark 4, in another time zone, after a killed job',
  { skip },
  async () => {
    const [, work = ''] = /'([^']*\/_work\/[^/']+)\//.exec(killed.sql) ?? [];
    const tables = readdirSync(work);
    assert.ok(tables.includes('log'), `tables of the killed job: ${tables.join()}`);
    // Spark cannot read them, and would fail if it did not replace the folders.
    const stale = tables.map((table) => join(work, table, 'stale.parquet'));
    for (const file of stale) writeFileSync(file, 'of the killed job');
    await runOnWorkers(demo.path, [fine, '--split', 'train', '--output', killedOutput()], [otherZone]);
    assert.deepEqual(
      stale.filter((file) => existsSync(file)),
      [],
    );
    await demo.assertEqualRows(fine, 'train', killedOutput());
    assert.equal(await digestOf('out/killed'), await digestOf('out/local.parquet'));
  },
);
