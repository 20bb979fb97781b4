import assert from 'node:assert/strict';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { SampleSummary } from '../../src/core/sampling/sampleSummary.ts';
import { generateScript } from '../../src/core/spark/generate.ts';
import { folder } from '../engine/fixture.ts';
import { Dice } from '../sampling/dice.ts';
import { randomWorld } from '../sampling/randomWorld.ts';
import { overridesOf } from '../sampling/sampled.ts';
import { exactJson, stageOf, type World } from '../sampling/world.ts';
import { WorldFiles } from '../sampling/worldFiles.ts';
import { resultRows, answersOf } from './duckdbDialect.ts';
import { describe, placedRows } from './fileRows.ts';
import { difference, jobAndFile, queryRows } from './sparkJob.ts';
import { outputs, withOutput } from './outputs.ts';
import { withoutUnsupported } from './withoutUnsupported.ts';

/** Worlds per run; a higher RECSAMPLE_WORLDS searches longer. */
const worlds = Number(process.env['RECSAMPLE_WORLDS'] ?? 24);

let files: WorldFiles;
before(async () => {
  files = await WorldFiles.open();
});
after(() => {
  files.close();
});

async function assertSame(world: World, directory: string): Promise<number> {
  const config = await files.write(world, directory, 'parquet', new Dice(`${world.name} on Spark`));
  const { job, file } = await jobAndFile(config, world.stage, overridesOf(world));
  const about = `${world.name}: ${exactJson({ config: world.config, stage: world.stage, split: world.split })}`;
  const { order, folder: inFolder } = job.placement;
  const isFolder = statSync(file).isDirectory();
  const script = generateScript(job);
  const { timezone } = job.plan;
  // Only days with rows have a folder.
  if (isFolder && !readdirSync(file, { recursive: true }).some((name) => String(name).endsWith('.parquet'))) {
    assert.deepEqual(await resultRows(script, timezone, 'SELECT * FROM result'), [], about);
    return 0;
  }
  const read = `read_parquet('${isFolder ? `${file}/**/*.parquet` : file}', hive_partitioning = true, hive_types_autocast = false, filename = true, file_row_number = true)`;
  const all = await describe(read);
  const columns = all.filter(([name]) => name !== 'filename' && name !== 'file_row_number');
  const isOrdered = order !== 'user' || inFolder !== null;
  const expected = await queryRows(placedRows(columns, read, isOrdered ? 'filename, file_row_number' : null));
  const shards = [...(inFolder === null || inFolder.partitionBy === null ? [] : ['day']), 'shard'].join(', ');
  const isSharded = inFolder !== null && inFolder.shards > 1;
  const [ours = [], types = [], placed = []] = await answersOf(script, timezone, [
    placedRows(columns, 'result', isOrdered ? 'rowid' : null),
    'SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM result)',
    ...(isSharded ? [`SELECT CAST(count(*) AS INT) FROM placed_rows GROUP BY ${shards} ORDER BY ${shards}`] : []),
  ]);
  assert.equal(difference(ours, expected), null, about);
  assert.deepEqual(
    types,
    columns.map((column) => JSON.stringify(column)),
    about,
  );
  if (isSharded) {
    const counted = await queryRows(
      `SELECT regexp_extract(filename, '[^/]*/part-[0-9]+') AS file, CAST(count(*) AS INT) FROM ${read} GROUP BY file ORDER BY file`,
    );
    const sizes = counted.map((row) => JSON.stringify([(JSON.parse(row) as unknown[])[1]]));
    assert.deepEqual(placed, sizes, about);
  }
  return expected.length;
}

/** Users with more than 1,024 candidates end a job. */
const isTooHeavy = (error: unknown): boolean =>
  error instanceof Error && error.message.includes('more than 1024 candidates');

/** What the local run says about its shortfalls; the words of the check of a job. */
function lackOf({ entries }: SampleSummary): string {
  return entries
    .map(({ name, asked, drawn, shortGroups }) =>
      asked === drawn ? '' : `${name} lacks ${asked - drawn} of ${asked} rows, in ${shortGroups} groups. `,
    )
    .join('');
}

/** The same data with one negative for each positive, which is easy to draw. */
function withOneNegative(world: World): World {
  const { positives } = stageOf(world);
  const negatives = { per_positive: 1, exclude: 'none', mix: { global_random: 1 } };
  const stages = { [world.stage]: { unit: 'positive', positives, negatives } };
  return { ...world, config: { ...world.config, stages, output: {} } };
}

test('on_shortfall: fail ends a job before its result, with the entries and counts of the local run', async () => {
  let failed = 0;
  let done = 0;
  for (let k = 0; failed < 2 || done < 1; k++) {
    assert.ok(k < 40, `${failed} of ${k} worlds have shortfalls`);
    const random = withoutUnsupported(randomWorld(`spark shortfall ${k}`));
    const world = k % 2 === 1 && random.config.data.items ? withOneNegative(random) : random;
    const directory = join(folder, `spark-shortfall-${k}`);
    try {
      const config = await files.write(world, directory, 'parquet', new Dice(`${world.name} on Spark`));
      const { job, summary } = await jobAndFile(config, world.stage, overridesOf(world));
      if (job.plan.unit === 'impression' || job.plan.refillFrom !== null || summary.rows === 0) continue;
      const script = generateScript({ ...job, plan: { ...job.plan, onShortfall: 'fail' } });
      const steps = script.sections.flatMap((section) => section.steps.map(({ kind }) => kind));
      assert.ok(steps.lastIndexOf('check') < steps.indexOf('output'));
      const lack = lackOf(summary);
      const rows = resultRows(script, job.plan.timezone, 'SELECT count(*) FROM result');
      if (lack === '') {
        assert.deepEqual(await rows, [JSON.stringify([String(summary.rows)])]);
        done++;
      } else {
        await assert.rejects(rows, (error: Error) => {
          assert.ok(error.message.includes(`on_shortfall is fail: ${lack}`), `${error.message}\nexpected: ${lack}`);
          return true;
        });
        failed++;
      }
    } catch (error) {
      if (!isTooHeavy(error)) throw error;
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
});

test(`layouts, orders, shards and days of a Spark job are those of the local file in ${worlds} random worlds`, async () => {
  let rows = 0;
  for (let k = 0; k < worlds; k++) {
    const output = outputs[k % outputs.length] ?? {};
    const world = withOutput(withoutUnsupported(randomWorld(`spark output ${k}`)), output);
    if (world === null) continue;
    const directory = join(folder, `spark-output-${k}`);
    try {
      rows += await assertSame(world, directory);
    } catch (error) {
      if (!isTooHeavy(error)) throw error;
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
  assert.ok(rows > worlds * 2, `${rows} rows`);
});
