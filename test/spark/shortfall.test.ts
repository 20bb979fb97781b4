import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { SampleSummary } from '../../src/core/sampling/sampleSummary.ts';
import { generateScript } from '../../src/core/spark/generate.ts';
import { folder } from '../engine/fixture.ts';
import { Dice } from '../sampling/dice.ts';
import { randomWorld } from '../sampling/randomWorld.ts';
import { overridesOf } from '../sampling/sampled.ts';
import { stageOf, type World } from '../sampling/world.ts';
import { WorldFiles } from '../sampling/worldFiles.ts';
import { resultRows } from './duckdbDialect.ts';
import { jobAndFile } from './sparkJob.ts';
import { withoutUnsupported } from './withoutUnsupported.ts';

let files: WorldFiles;
before(async () => {
  files = await WorldFiles.open();
});
after(() => {
  files.close();
});

/** What the local run says about its shortfalls; the words of the check of a job. */
function lackOf({ entries }: SampleSummary): string {
  return entries
    .map(({ name, asked, drawn, repeated = 0, shortGroups }) =>
      asked === drawn + repeated
        ? ''
        : `${name} lacks ${asked - drawn - repeated} of ${asked} rows, in ${shortGroups} groups. `,
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
    if (stageOf(world).unit === 'impression') continue;
    const directory = join(folder, `spark-shortfall-${k}`);
    try {
      const config = await files.write(world, directory, 'parquet', new Dice(`${world.name} on Spark`));
      const { job, summary } = await jobAndFile(config, world.stage, overridesOf(world));
      if (job.plan.refillFrom !== null || summary.rows === 0) continue;
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
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
});
