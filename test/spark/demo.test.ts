import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Outcome } from '../cli/commandLine.ts';
import { comparableLock, fileLock, folderLock, run as recsampleIn } from './locks.ts';
import { killOnceThere, runWithSparkSql, skip, submit } from './realSpark.ts';
import { columnsOf, comparable, difference, queryRows } from './sparkJob.ts';

let directory = '';
before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'recsample-spark-'));
  await run('demo', directory, '--scale', 'tiny');
});
after(() => rmSync(directory, { recursive: true, force: true }));

async function run(...args: readonly string[]): Promise<Outcome> {
  const outcome = await recsampleIn(directory, ...args);
  assert.equal(outcome.code, 0, outcome.err);
  return outcome;
}

/** What `recsample inspect --digest` says about the rows of a file or folder. */
async function digestOf(sample: string): Promise<string> {
  const { out } = await run('inspect', sample, '--digest');
  const [digest = ''] = /\b[0-9a-f]{32}\b/.exec(out) ?? [];
  assert.notEqual(digest, '', out);
  return digest;
}

/** The rows of the local file and those that Spark wrote. */
async function assertEqualRows(config: string, split: string, folder: string): Promise<void> {
  const local = join(directory, 'out', 'local.parquet');
  await run('sample', config, '--split', split, '--digest', '--out', local);
  const columns = await columnsOf(local);
  const expected = await queryRows(comparable(columns, `read_parquet('${local}')`));
  const ours = await queryRows(comparable(columns, `read_parquet('${folder}/*.parquet')`));
  assert.equal(difference(ours, expected), null);
  assert.ok(expected.length > 100, `${expected.length} rows`);
  await run('lock', folder);
  assert.deepEqual(comparableLock(folderLock(folder)), comparableLock(fileLock(local)));
  const { out } = await run('diff', local, folder);
  assert.match(out, /Both samples should contain the same rows/);
}

/** `recsample lock` refuses the folder. */
async function assertUnlocked(folder: string, reason: RegExp): Promise<void> {
  const { code, err } = await recsampleIn(directory, 'lock', folder);
  assert.equal(code, 2, err);
  assert.match(err, reason);
}

test(
  '--run draws the fine ranking stage of the demo with spark-sql, in a session of another time zone',
  {
    skip,
  },
  async () => {
    const config = 'configs/fine_ranking.ratio.yaml';
    await runWithSparkSql(directory, [config], ['spark.sql.session.timeZone=Asia/Shanghai']);
    await assertEqualRows(config, 'train', join(directory, 'out', 'fine_ranking.spark'));
    assert.equal(await digestOf('out/fine_ranking.spark'), await digestOf('out/local.parquet'));
  },
);

for (const split of ['train', 'eval'])
  test(`spark-sql draws the coarse ranking stage of the demo, --split ${split}`, { skip }, async () => {
    const config = 'configs/coarse_ranking.ratio.yaml';
    const output = join(directory, 'out', `coarse-${split}`);
    await run('spark', config, '--split', split, '--output', output, '--out', `coarse-${split}.sql`);
    await submit('sql', directory, `coarse-${split}.sql`, [`spark.sql.ansi.enabled=${String(split === 'eval')}`]);
    await assertEqualRows(config, split, output);
  });

test(
  'two workers of Spark 4 draw the fine ranking stage of the demo, after a job that was killed',
  { skip },
  async () => {
    const config = 'configs/fine_ranking.ratio.yaml';
    const output = join(directory, 'out', 'workers');
    await run('spark', config, '--output', output, '--out', 'workers.sql');
    // A complete older result, and a process that is killed while it writes the new one.
    mkdirSync(output, { recursive: true });
    for (const name of ['old.parquet', '_SUCCESS']) writeFileSync(join(output, name), '');
    await killOnceThere(directory, 'workers.sql', join(output, '_temporary'));
    assert.ok(!existsSync(join(output, '_SUCCESS')), 'readers see that the folder is not complete');
    await assertUnlocked(output, /_SUCCESS is missing/);
    assert.ok(existsSync(join(directory, 'out', '_work')), 'the tables of the killed job');
    await submit('sql', directory, 'workers.sql', [], { version: '4.3', master: 'local-cluster[2,1,1024]' });
    await assertEqualRows(config, 'train', output);
  },
);

for (const [name, config] of [
  ['fine_ranking', 'fine_ranking.ratio.yaml'],
  ['coarse_ranking', 'coarse_ranking.ratio.yaml'],
  ['recall', 'recall.ratio.yaml'],
]) {
  test(`the script of the ${name ?? ''} stage reads as in the golden file`, async () => {
    const { out } = await run(
      'spark',
      `configs/${config ?? ''}`,
      '--input-root',
      'data=s3a://lake/data',
      '--output',
      `s3a://samples/${name ?? ''}`,
    );
    const text = out
      .replaceAll(/_sha256: .*/g, '_sha256: …')
      .replaceAll(/-[0-9a-f]{12}\b/g, '-…')
      .replaceAll(/'[0-9a-f]{64}'/g, "'…'");
    const file = new URL(`../golden/spark/${name ?? ''}.sql`, import.meta.url);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
    else assert.equal(text, readFileSync(file, 'utf8'), `test/golden/spark/${name ?? ''}.sql`);
  });
}
