import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Script } from '../../src/core/spark/script.ts';
import { folder } from '../engine/fixture.ts';
import { WorldFiles } from '../sampling/worldFiles.ts';
import { heavyStage, heavyStages } from './heavyWorld.ts';
import { compareRows } from './worldOnDuckdb.ts';

let files: WorldFiles;
before(async () => {
  files = await WorldFiles.open();
});
after(() => {
  files.close();
});

/** Counts what the steps of users with many candidates draw, and groups whose draws ended early. */
function countsOf(script: Script): string {
  const steps = script.sections.flatMap((section) => section.steps.map((step) => step.name));
  const drawn = steps.filter((step) => step.endsWith('__heavy__drawn'));
  assert.equal(drawn.length, 2);
  const rows = drawn.map((step) => `SELECT count(*) AS n, 0 AS ended FROM "${step}"`);
  const ended = drawn
    .map((step) => step.replace(/__drawn$/, ''))
    .map(
      (step) =>
        `SELECT 0, count(*) FROM "${step}__counts" c JOIN "${step}__values" v USING ("user", k0, k1) WHERE c.asked < least(v.quota, c.size)`,
    );
  return `SELECT CAST(sum(n) AS INTEGER), CAST(sum(ended) AS INTEGER) FROM (${[...rows, ...ended].join(' UNION ALL ')})`;
}

for (const { name, stage } of heavyStages)
  test(`a Spark job draws from users with more than 1,024 candidates like the local file: ${name}`, async () => {
    const world = heavyStage(stage);
    const directory = join(folder, 'spark-heavy');
    try {
      const { found, answer } = await compareRows(files, world, directory, countsOf);
      assert.equal(found, null);
      const [counts = '[]'] = answer;
      const [count, endedGroups] = JSON.parse(counts) as [number, number];
      assert.ok(count > 100, `${count} draws of heavy users`);
      assert.ok(endedGroups > 0, `${endedGroups} groups whose attempts ended`);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
