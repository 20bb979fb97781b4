import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { generateScript } from '../../src/core/spark/generate.ts';
import { folder } from '../engine/fixture.ts';
import { Dice } from '../sampling/dice.ts';
import { randomWorld } from '../sampling/randomWorld.ts';
import { overridesOf } from '../sampling/sampled.ts';
import { WorldFiles } from '../sampling/worldFiles.ts';
import { testWorlds } from '../sampling/worldParts.ts';
import { resultRows } from './duckdbDialect.ts';
import { columnsOf, comparable, difference, jobAndFile, queryRows } from './sparkJob.ts';
import { withoutUnsupported } from './withoutUnsupported.ts';

const worlds = Number(process.env['RECSAMPLE_WORLDS'] ?? 12);

let files: WorldFiles;
before(async () => {
  files = await WorldFiles.open();
});
after(() => {
  files.close();
});

const seen = { rows: 0, others: 0 };

async function tryWorld(number: number): Promise<void> {
  const world = withoutUnsupported(randomWorld(`users ${number}`));
  const directory = join(folder, `spark-users-${number}`);
  try {
    const config = await files.write(world, directory, 'parquet', new Dice(`${world.name} on Spark`));
    const { job, file } = await jobAndFile(config, world.stage, overridesOf(world));
    const user = `CAST("${job.names.user.replaceAll('"', '""')}" AS VARCHAR)`;
    const found = await queryRows(`SELECT DISTINCT ${user} FROM read_parquet('${file}') ORDER BY 1`);
    const users = found.map((row) => String((JSON.parse(row) as unknown[])[0])).filter((_, n) => n % 3 === 0);
    if (users.length === 0) return;
    const list = users.map((id) => `'${id.replaceAll("'", "''")}'`).join(', ');
    const columns = await columnsOf(file);
    const whole = `(SELECT * FROM read_parquet('${file}') WHERE ${user} IN (${list}))`;
    const expected = await queryRows(comparable(columns, whole));
    const script = generateScript({ ...job, users });
    const ours = await resultRows(script, job.plan.timezone, comparable(columns, 'result'));
    assert.equal(difference(ours, expected), null, world.name);
    seen.rows += expected.length;
    seen.others += found.length - users.length;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

testWorlds(
  'a job for some users gives their rows of the whole job',
  { worlds, most: 4, usesReference: false },
  tryWorld,
  () => {
    assert.ok(seen.rows > worlds && seen.others >= worlds / 4, JSON.stringify(seen));
  },
);
