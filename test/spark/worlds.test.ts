import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { generateScript } from '../../src/core/spark/generate.ts';
import { folder } from '../engine/fixture.ts';
import { Dice } from '../sampling/dice.ts';
import { randomWorld } from '../sampling/randomWorld.ts';
import { overridesOf } from '../sampling/sampled.ts';
import { exactJson, type World } from '../sampling/world.ts';
import { WorldFiles } from '../sampling/worldFiles.ts';
import { resultRows } from './duckdbDialect.ts';
import { columnsOf, comparable, difference, jobAndFile, queryRows } from './sparkJob.ts';
import { withoutUnsupported } from './withoutUnsupported.ts';

/** Worlds per run; a higher RECSAMPLE_WORLDS searches longer. */
const worlds = Number(process.env['RECSAMPLE_WORLDS'] ?? 40);

/** Files that Spark reads. */
const formats = ['parquet', 'parquet', 'csv', 'jsonl'] as const;

let files: WorldFiles;
before(async () => {
  files = await WorldFiles.open();
});
after(() => {
  files.close();
});

/** How the rows of a script and of the local file differ; null if they agree. */
async function mismatch(
  world: World,
  directory: string,
): Promise<{ readonly found: string | null; readonly rows: number }> {
  const dice = new Dice(`${world.name} on Spark`);
  const config = await files.write(world, directory, dice.pick(formats), dice);
  const { job, file } = await jobAndFile(config, world.stage, overridesOf(world));
  const columns = await columnsOf(file);
  const expected = await queryRows(comparable(columns, `read_parquet('${file}')`));
  const ours = await resultRows(generateScript(job), job.plan.timezone, comparable(columns, 'result'));
  return { found: difference(ours, expected), rows: expected.length };
}

/** Users with more than 1,024 candidates end a job. */
const isTooHeavy = (error: unknown): boolean =>
  error instanceof Error && error.message.includes('more than 1024 candidates');

test(`the statements of a Spark job give the rows of the local file in ${worlds} random worlds`, async () => {
  let rows = 0;
  let compared = 0;
  for (let k = 0; k < worlds; k++) {
    const world = withoutUnsupported(randomWorld(`spark ${k}`));
    const directory = join(folder, `spark-${k}`);
    try {
      const { found, rows: own } = await mismatch(world, directory);
      rows += own;
      compared++;
      assert.equal(
        found,
        null,
        `${world.name}: ${exactJson({ config: world.config, stage: world.stage, split: world.split })}`,
      );
    } catch (error) {
      if (!isTooHeavy(error)) throw error;
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
  assert.ok(compared > worlds * 0.9, `${compared} worlds`);
  assert.ok(rows > compared * 3, `${rows} rows`);
});
