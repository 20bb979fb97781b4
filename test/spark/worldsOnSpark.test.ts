import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { generateScript } from '../../src/core/spark/generate.ts';
import { sparkSqlText } from '../../src/core/spark/sparkText.ts';
import { folder } from '../engine/fixture.ts';
import { Dice } from '../sampling/dice.ts';
import { randomWorld } from '../sampling/randomWorld.ts';
import { overridesOf } from '../sampling/sampled.ts';
import { entriesOf, stageOf, type World } from '../sampling/world.ts';
import { WorldFiles } from '../sampling/worldFiles.ts';
import { skip, submit, type SparkVersion } from './realSpark.ts';
import { columnsOf, comparable, difference, jobAndFile, queryRows } from './sparkJob.ts';
import { withoutUnsupported } from './withoutUnsupported.ts';

let files: WorldFiles;
before(async () => {
  files = await WorldFiles.open();
});
after(() => {
  files.close();
});

const typeOf = (world: World, table: 'impressions' | 'items', column: string): string =>
  world.tables[table]?.types[column] ?? '';

/** Worlds for what the demo does not have: text ids with any characters, texts and days as times, NaN, changed clocks. */
const kinds: readonly {
  readonly name: string;
  readonly version: SparkVersion;
  readonly fits: (world: World) => boolean;
}[] = [
  {
    version: '3.5',
    name: 'text ids, texts as times, clocks of New York',
    fits: (world) =>
      world.config['timezone'] === 'America/New_York' &&
      typeOf(world, 'impressions', 'user_id') === 'VARCHAR' &&
      typeOf(world, 'items', 'item_id') === 'VARCHAR' &&
      (typeOf(world, 'impressions', 'ts') === 'VARCHAR' || typeOf(world, 'items', 'created_at') === 'VARCHAR'),
  },
  {
    version: '4.3',
    name: 'NaN, days as times, evaluation',
    fits: (world) =>
      world.split === 'eval' &&
      typeOf(world, 'impressions', 'is_click') === 'DOUBLE' &&
      [typeOf(world, 'items', 'created_at'), typeOf(world, 'items', 'removed_at')].includes('DATE'),
  },
];

/** Worlds of a kind with two or three entries. */
function* worldsOf(fits: (world: World) => boolean): Iterable<World> {
  for (let k = 0; k < 20_000; k++) {
    const world = randomWorld(`on Spark ${k}`);
    const { unit, negatives } = stageOf(world);
    const count = Object.keys(entriesOf(negatives).entries).length;
    const shown = world.tables.impressions?.rows.length ?? 0;
    if (unit === 'positive' && count >= 2 && count <= 3 && shown > 60 && fits(world)) yield withoutUnsupported(world);
  }
}

/** The first such world whose local file has rows of all kinds, with its job and its rows. */
async function drawn(directory: string, fits: (world: World) => boolean): ReturnType<typeof jobAndFile> {
  for (const world of worldsOf(fits)) {
    rmSync(directory, { recursive: true, force: true });
    const config = await files.write(world, directory, 'parquet', new Dice(world.name));
    const found = await jobAndFile(config, world.stage, overridesOf(world));
    const [counts = '[]'] = await queryRows(
      `SELECT count(*), count(DISTINCT coalesce(entry, '')) FROM read_parquet('${found.file}')`,
    );
    const [rows, entries] = (JSON.parse(counts) as unknown[]).map(Number);
    if ((rows ?? 0) > 20 && (entries ?? 0) > 2) return found;
  }
  throw new Error('no world is of this kind');
}

for (const { name, version, fits } of kinds) {
  test(`Spark ${version} draws the rows of the local file: ${name}`, { skip }, async () => {
    const directory = join(folder, 'on-spark');
    try {
      const { job, file } = await drawn(directory, fits);
      const [output, work] = [join(directory, 'spark'), join(directory, '_work')];
      writeFileSync(
        join(directory, 'job.sql'),
        sparkSqlText(generateScript(job), [], job.plan.timezone, { output, work }),
      );
      await submit('sql', directory, 'job.sql', ['spark.sql.ansi.enabled=true'], { version });
      const columns = await columnsOf(file);
      const expected = await queryRows(comparable(columns, `read_parquet('${file}')`));
      const ours = await queryRows(comparable(columns, `read_parquet('${output}/*.parquet')`));
      assert.equal(difference(ours, expected), null);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
}
