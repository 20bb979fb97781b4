import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { generateScript } from '../../src/core/spark/generate.ts';
import type { Stage } from '../../src/core/schema/stage.ts';
import { tinyDemo } from '../fixtures/tinyDemo.ts';
import { WorldFiles } from '../sampling/worldFiles.ts';
import { writeResult } from './duckdbDialect.ts';
import { comparableLock, fileLock, folderLock, readLockFile, run } from './locks.ts';
import { everyWorlds } from './everyWorld.ts';
import { jobAndFile } from './sparkJob.ts';
import { compareWorld } from './worldOnDuckdb.ts';

let directory = '';
/** A stage that was drawn locally and with the job's statements. */
interface Drawn {
  readonly file: string;
  /** As Spark leaves it. */
  readonly folder: string;
}

/** The fine ranking stage. Tests change copies of its folder. */
let finished: Drawn;
before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'recsample-lock-'));
  await tinyDemo(join(directory, 'demo'), { bad: false });
  finished = await drawn('fine_ranking', 'finished');
});
after(() => rmSync(directory, { recursive: true, force: true }));

/** Draws a stage of the demo locally and with the job's statements. */
async function drawn(stage: Stage, name: string): Promise<Drawn> {
  // Local files of two stages in one folder would have the same name.
  const configs = join(directory, 'demo', stage);
  cpSync(join(directory, 'demo', 'configs'), configs, { recursive: true });
  const config = join(configs, `${stage}.ratio.yaml`);
  const { job, facts, file } = await jobAndFile(config, stage);
  const folder = join(directory, name);
  await writeResult(generateScript(job, [], facts), job.plan.timezone, folder);
  return { file, folder };
}

/** A copy of the finished result. */
function copied(name: string): string {
  const folder = join(directory, name);
  cpSync(finished.folder, folder, { recursive: true, preserveTimestamps: true });
  return folder;
}

async function refused(folder: string, ...texts: readonly string[]): Promise<void> {
  const { code, err } = await run(directory, 'lock', folder);
  assert.equal(code, 2, err);
  for (const text of texts) assert.ok(err.includes(text), err);
  assert.ok(!readdirSync(folder).includes('_recsample.json'), 'no lock file');
}

for (const stage of ['recall', 'fine_ranking'] as const) {
  test(`the lock file of Spark's ${stage} stage says what that of the local file says, and diff finds equal rows`, async () => {
    const { file, folder } =
      stage === 'recall' ? await drawn(stage, 'recall.spark') : { ...finished, folder: copied('fine_ranking.spark') };
    const { code, out, err } = await run(directory, 'lock', folder);
    assert.equal(code, 0, err);
    assert.match(out, /_recsample\.json is written: \d+ rows\. The digest of the rows was computed from the files\./);
    assert.deepEqual(comparableLock(folderLock(folder)), comparableLock(fileLock(file)));
    const diff = await run(directory, 'diff', file, folder);
    assert.equal(diff.code, 0, diff.out + diff.err);
    assert.equal(diff.err, '');
    assert.match(diff.out, /Both samples should contain the same rows/);
  });
}

test('diff of a result without its lock file says which command writes it', async () => {
  const folder = copied('unlocked.spark');
  const { code, err } = await run(directory, 'diff', folder, folder);
  assert.equal(code, 2);
  assert.ok(err.endsWith(`_recsample.json is missing. Write it with recsample lock ${folder}.\n`), err);
});

for (const [k, one] of everyWorlds().entries())
  test(`the lock file of a world says what that of the local file says: ${one.world.name}`, async () => {
    const files = await WorldFiles.open();
    try {
      const found = await compareWorld(files, one, join(directory, `world-${k}`), { format: 'parquet' });
      assert.ok(found.rows > 5, one.world.name);
      assert.ok(found.lockParts.includes('sequence_counts'));
    } finally {
      files.close();
    }
  });

test('a position that rows have anyway is not copied, so the lock files count no rows without an exposure', async () => {
  const shown = everyWorlds().find(({ world }) => world.stage === 'fine_ranking') ?? assert.fail();
  const { config } = shown.world;
  const world = { ...shown.world, config: { ...config, output: { pass_through: ['position'] } } };
  const files = await WorldFiles.open();
  try {
    await compareWorld(files, { ...shown, world }, join(directory, 'position'), { format: 'parquet' });
  } finally {
    files.close();
  }
});

test('lock writes the same bytes again', async () => {
  const folder = copied('again');
  assert.equal((await run(directory, 'lock', folder)).code, 0);
  const first = readFileSync(folderLock(folder), 'utf8');
  assert.equal((await run(directory, 'lock', folder)).code, 0);
  assert.equal(readFileSync(folderLock(folder), 'utf8'), first);
});

test('lock refuses a folder that the job has not finished', async () => {
  const folder = copied('unfinished');
  rmSync(join(folder, '_SUCCESS'));
  await refused(folder, '_SUCCESS is missing', 'Wait until the Spark job has finished');
});

test('lock refuses a folder without counts, and with half of them', async () => {
  const folder = copied('half');
  rmSync(join(folder, '_recsample_counts', 'part-job.txt'));
  await refused(folder, 'no complete counts', '_recsample_counts');
  rmSync(join(folder, '_recsample_counts', '_SUCCESS'));
  await refused(folder, 'no complete counts', '_recsample_counts');
  rmSync(join(folder, '_recsample_counts'), { recursive: true });
  await refused(folder, 'no complete counts');
});

test('lock refuses counts of another job', async () => {
  const folder = copied('other');
  const totals = join(folder, '_recsample_counts', 'part-totals.txt');
  writeFileSync(totals, readFileSync(totals, 'utf8').replace(/"plan":"...../, '"plan":"00000'));
  await refused(folder, 'another job', 'digests');
});

test('lock refuses files that changed after the job', async () => {
  const folder = copied('changed');
  const [name = ''] = readdirSync(folder).filter((one) => one.endsWith('.parquet'));
  cpSync(join(folder, name), join(folder, 'more.parquet'));
  await refused(folder, 'not those that the counts describe');
  rmSync(join(folder, 'more.parquet'));
  renameSync(join(folder, name), join(folder, 'renamed.parquet'));
  await refused(folder, 'not those that the counts describe');
  renameSync(join(folder, 'renamed.parquet'), join(folder, name));
  appendFileSync(join(folder, name), ' ');
  await refused(folder, 'not those that the counts describe', name);
});

test('lock refuses counts that no job has written', async () => {
  const folder = copied('broken');
  const rows = join(folder, '_recsample_counts', 'part-rows.txt');
  writeFileSync(rows, '{"counts":"rows","label":1,"entry":null,"rows":-5}\n');
  await refused(folder, 'rows.0.rows', 'whole number');
  writeFileSync(rows, '{"counts":"rows","label":1,"entry":null,"rows":5,"mix_rows":5,"mix_bin":0,"mix_sum":"abc"}\n');
  await refused(folder, 'rows.0.mix_sum', 'whole number');
  writeFileSync(rows, '{"counts":"rows","label":1,"entry":null,"rows":5,"mix_rows":5,"mix_bin":200,"mix_sum":"1"}\n');
  await refused(folder, 'rows.0.mix_bin is not a whole number below 200');
  writeFileSync(rows, '{"label":');
  await refused(folder, 'not JSON');
  const absurd = copied('absurd');
  recount(absurd, 'totals', (text) => text.replace(/"known_until":\d+/, '"known_until":1e300'));
  await refused(absurd, 'totals.0.known_until is not a time in microseconds', 'Run the job again.');
});

test('without the files that Spark read, the lock file has no digests of the data, and diff does not compare them', async () => {
  const folder = copied('elsewhere');
  const inputs = join(folder, '_recsample_counts', 'part-inputs.txt');
  writeFileSync(inputs, readFileSync(inputs, 'utf8').replaceAll('file:/', 's3a://lake/'));
  const { code, err } = await run(directory, 'lock', folder);
  assert.equal(code, 0, err);
  assert.match(err, /no digests of these data sets.*: data\.impressions, data\.items/);
  const { data } = readLockFile(folderLock(folder));
  assert.deepEqual(data, {
    impressions: { path: '../data/impressions/dt=*/*.parquet' },
    items: { path: '../data/items.parquet' },
  });
  const diff = await run(directory, 'diff', finished.file, folder);
  assert.match(diff.out, /Both samples should contain the same rows\.\n/);
  assert.match(diff.out.replaceAll(/\s+/g, ' '), /Not compared, because a lock file has no digest of their files: \S/);
});

/** Changes the lines of a table of the counts. */
function recount(folder: string, table: string, change: (text: string) => string): void {
  const file = join(folder, '_recsample_counts', `part-${table}.txt`);
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

test('lock writes nowhere else: a day that leads out of its folder is refused', async () => {
  for (const day of ['x/../../victim', '/../../victim', 'x\0/../../victim']) {
    const folder = copied('hostile');
    const victim = join(directory, 'victim');
    cpSync(finished.folder, victim, { recursive: true });
    writeFileSync(join(victim, '_recsample.json'), 'mine');
    const name = `dt=${day}`;
    mkdirSync(join(folder, 'dt=x'), { recursive: true });
    recount(folder, 'files', (text) =>
      text.replaceAll(/\/finished\/|%2Ffinished%2F/g, `/finished/${encodeURIComponent(name)}/`),
    );
    recount(
      folder,
      'job',
      (text) =>
        `${text}{"counts":"job","kind":"output","name":"partition_column","value":"dt"}\n{"counts":"job","kind":"output","name":"partition_format","value":"yyyyMMdd"}\n`,
    );
    writeFileSync(
      join(folder, '_recsample_counts', 'part-days.txt'),
      `${JSON.stringify({ counts: 'days', value: day, rows: 469, samples: 469 })}\n`,
    );
    const { code, err } = await run(directory, 'lock', folder);
    assert.equal(readFileSync(join(victim, '_recsample.json'), 'utf8'), 'mine');
    assert.equal(code, 2, err);
    assert.match(err, /_recsample_counts: .*victim.* is not a path below the folder/);
    for (const made of [folder, victim]) rmSync(made, { recursive: true });
  }
});

test('lock writes no lock file that diff would refuse', async () => {
  const folder = copied('invalid');
  const changes = [
    ['"name":"epoch","value":"0"', '"name":"epoch","value":"abc"', 'The lock file is not valid: epoch'],
    ['"name":"split","value":"train"', '"name":"split","value":"x"', 'The counts of the job are not valid: run.split'],
  ] as const;
  for (const [valid, invalid, reason] of changes) {
    recount(folder, 'job', (text) => text.replace(valid, invalid));
    await refused(folder, `_recsample_counts: ${reason} is not `, 'Run the job again.');
    recount(folder, 'job', (text) => text.replace(invalid, valid));
  }
  rmSync(folder, { recursive: true });
});

test('lock refuses links that lead out, and pipes, wherever its folder has them', async () => {
  const away = copied('away');
  const [sample = ''] = readdirSync(away).filter((one) => one.endsWith('.parquet'));
  const counts = '_recsample_counts';
  for (const name of [sample, counts, join(counts, 'part-rows.txt')]) {
    const folder = copied('linked');
    rmSync(join(folder, name), { recursive: true });
    symlinkSync(join(away, name), join(folder, name));
    await refused(folder, name, 'leads out');
    rmSync(folder, { recursive: true });
  }
  for (const name of [sample, join(counts, 'part-rows.txt')]) {
    const folder = copied('piped');
    rmSync(join(folder, name));
    execFileSync('mkfifo', [join(folder, name)]);
    await refused(folder, name, 'a pipe');
    rmSync(folder, { recursive: true });
  }
  const folder = copied('piped-lock');
  execFileSync('mkfifo', [join(folder, '_recsample.json')]);
  const { code, err } = await run(directory, 'lock', folder);
  assert.equal(code, 2, err);
  assert.match(err, /_recsample\.json.* a pipe/);
});

/** Counts as of a job that read this file as its items. */
function readItems(folder: string, file: string): void {
  const { size, mtimeMs } = statSync(file);
  const line = { counts: 'inputs', path: `file:${file}`, bytes: size, modified: Math.floor(mtimeMs) * 1000 };
  recount(folder, 'inputs', (text) =>
    text.replace(/^(.*"plan":("[^"]*").*items\.parquet.*)$/m, (_all, _line, plan) =>
      JSON.stringify({ ...line, plan: JSON.parse(String(plan)) as string, data: 'items' }),
    ),
  );
}

test('lock digests no file outside the project, even if its size and time are known', async () => {
  const folder = join(directory, 'demo', 'secret.spark');
  cpSync(finished.folder, folder, { recursive: true, preserveTimestamps: true });
  const secret = join(directory, 'secret.txt');
  writeFileSync(secret, 'secret');
  symlinkSync(secret, join(directory, 'demo', 'link.parquet'));
  for (const file of [secret, join(directory, 'demo', 'link.parquet')]) {
    readItems(folder, file);
    const { code, err } = await run(directory, 'lock', folder);
    assert.equal(code, 0, err);
    assert.ok(err.includes(`outside ${join(directory, 'demo')}`) && err.includes('--root') && err.includes(file), err);
    const { data } = readLockFile(folderLock(folder));
    assert.deepEqual((data as Record<string, unknown>)['items'], { path: '../data/items.parquet' });
    cpSync(join(finished.folder, '_recsample_counts'), join(folder, '_recsample_counts'), { recursive: true });
  }
  readItems(folder, secret);
  const { code, err } = await run(directory, 'lock', folder, '--root', directory);
  assert.equal(code, 0, err);
  assert.match(
    readFileSync(folderLock(folder), 'utf8'),
    /2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b/,
  );
});

test('lock refuses a pipe as a file that Spark read', async () => {
  const folder = copied('piped-input');
  const pipe = join(directory, 'pipe.parquet');
  execFileSync('mkfifo', [pipe]);
  readItems(folder, pipe);
  await refused(folder, pipe, 'a pipe');
});
