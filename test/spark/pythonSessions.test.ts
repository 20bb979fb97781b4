import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { generateScript } from '../../src/core/spark/generate.ts';
import { sparkPythonText } from '../../src/core/spark/pythonText.ts';
import { folder } from '../engine/fixture.ts';
import { Dice } from '../sampling/dice.ts';
import { overridesOf } from '../sampling/sampled.ts';
import type { World } from '../sampling/world.ts';
import { WorldFiles } from '../sampling/worldFiles.ts';
import { everyWorlds } from './everyWorld.ts';
import { describe, placedRows } from './fileRows.ts';
import { locksOf, run } from './locks.ts';
import { skip, submit } from './realSpark.ts';
import { difference, jobAndFile, queryRows } from './sparkJob.ts';
import {
  readWrongInputs,
  testWrongInputs,
  writeWrongInputs,
  wrongInputsFolder,
  wrongInputsProgram,
} from './wrongInputs.ts';

/** Spark 4.3 reads the same rows from other files, in another order. */
const versions = [
  { version: '3.5', isShuffled: false, settings: ['spark.sql.ansi.enabled=true'] },
  {
    version: '4.3',
    isShuffled: true,
    settings: ['spark.sql.ansi.enabled=false', 'spark.sql.session.timeZone=Asia/Tokyo'],
  },
] as const;

/** Set to a stage, its world is drawn with both versions. Else each is drawn with one, because a world takes minutes. */
const only = process.env['RECSAMPLE_WORLD'];
const worlds = everyWorlds().filter(({ world }) => only === undefined || world.stage === only);
const isDrawn = (version: string, { stage }: World): boolean =>
  only !== undefined || (version === '3.5') === (stage === 'coarse_ranking');
const directory = join(folder, 'worlds-on-spark');
const locals = new Map<string, Awaited<ReturnType<typeof jobAndFile>>>();
const outputOf = (name: string, version: string): string => join(directory, name, `spark-${version}`);
after(() => rmSync(directory, { recursive: true, force: true }));

before(async () => {
  if (skip !== false) return;
  const files = await WorldFiles.open();
  const jobs = new Map<string, string[]>(versions.map(({ version }) => [version, []]));
  for (const { world, users } of worlds) {
    const place = join(directory, world.name);
    const config = await files.write(world, place, 'parquet', new Dice(world.name));
    const shuffled = join(directory, `${world.name} again`);
    await files.writeTables(world.tables, shuffled, 'parquet', new Dice(`${world.name} again`));
    const local = await jobAndFile(config, world.stage, overridesOf(world), users);
    locals.set(world.name, local);
    for (const { version, isShuffled } of versions.filter((one) => isDrawn(one.version, world))) {
      const script = generateScript(local.job, isShuffled ? [{ from: place, to: shuffled }] : [], local.facts);
      const places = { output: outputOf(world.name, version), work: join(directory, '_work', version, world.stage) };
      const file = join(directory, `${world.stage}-${version}.py`);
      writeFileSync(file, sparkPythonText(script, [], local.job.plan.timezone, places));
      jobs.get(version)?.push(file);
    }
  }
  files.close();
  await writeWrongInputs();
  const session = fileURLToPath(new URL('session.py', import.meta.url));
  for (const { version, settings } of versions) {
    const warehouse = `spark.sql.warehouse.dir=warehouse-${version}`;
    const args = [wrongInputsProgram(version), ...settings, ...(jobs.get(version) ?? [])];
    const printed = await submit('submit', wrongInputsFolder, session, [warehouse], {
      version,
      args,
      isInterpreted: true,
    });
    readWrongInputs(version, printed);
  }
});

const read = (files: string): string =>
  `read_parquet('${files}/**/*.parquet', hive_partitioning = true, hive_types_autocast = false)`;

for (const { version, isShuffled } of versions)
  for (const { world } of worlds.filter((one) => isDrawn(version, one.world)))
    test(
      `Spark ${version} draws the rows of the local file, and locks them as it does: ${world.name}`,
      { skip },
      async () => {
        const local = locals.get(world.name);
        assert.ok(local);
        const isFolder = local.job.placement.folder !== null;
        const from = isFolder ? read(local.file) : `read_parquet('${local.file}')`;
        const columns = await describe(from);
        const output = outputOf(world.name, version);
        assert.deepEqual(await describe(read(output)), columns);
        const expected = await queryRows(placedRows(columns, from, null));
        assert.equal(difference(await queryRows(placedRows(columns, read(output), null)), expected), null);
        assert.ok(expected.length > 5, `${expected.length} rows`);
        const { code, err } = await run(directory, 'lock', output);
        assert.equal(code, 0, err);
        const isByDay = (local.job.placement.folder?.partitionBy ?? null) !== null;
        const locks = (sample: string, inFolder: boolean): unknown =>
          [...locksOf(sample, inFolder, isByDay)].map(([day, { data, ...lock }]) => [
            day,
            lock,
            isShuffled ? null : data,
          ]);
        assert.deepEqual(locks(output, true), locks(local.file, isFolder));
      },
    );

for (const { version } of versions) testWrongInputs(version);
