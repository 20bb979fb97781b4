import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
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
import { skip, type SparkVersion } from './realSpark.ts';
import { difference, jobAndFile, queryRows } from './sparkJob.ts';
import { readWrongInputs, testWrongInputs, writeWrongInputs, wrongInputsProgram } from './wrongInputs.ts';

interface Session {
  /** Whether it reads the same rows from other files, in another order. */
  readonly isShuffled: boolean;
  /** Of Spark: the rows must not depend on them. */
  readonly settings: readonly string[];
}

const sessions: Readonly<Record<SparkVersion, Session>> = {
  '3.5': { isShuffled: false, settings: ['spark.sql.ansi.enabled=true'] },
  '4.3': { isShuffled: true, settings: ['spark.sql.ansi.enabled=false', 'spark.sql.session.timeZone=Asia/Tokyo'] },
};

/** Set to a stage, its world is drawn with both versions. Else each is drawn with one, because a world takes minutes. */
const only = process.env['RECSAMPLE_WORLD'];
const isDrawn = (version: SparkVersion, { stage }: World): boolean =>
  only === undefined ? (version === '3.5') === (stage === 'coarse_ranking') : only === stage;

const read = (files: string): string =>
  `read_parquet('${files}/**/*.parquet', hive_partitioning = true, hive_types_autocast = false)`;

/** The program that runs jobs in one session of PySpark. */
export const sessionProgram = fileURLToPath(new URL('session.py', import.meta.url));

interface PythonSession {
  /** Writes the jobs. Returns them as arguments of the program. */
  readonly write: () => Promise<readonly string[]>;
  /** Gets what the program printed. */
  readonly read: (printed: string) => void;
}

/** Tests of the worlds that hold everything, and of wrong inputs. Their jobs run in one session of PySpark. */
export function testPythonSession(version: SparkVersion): PythonSession {
  const { isShuffled, settings } = sessions[version];
  const worlds = everyWorlds().filter(({ world }) => isDrawn(version, world));
  const directory = join(folder, 'worlds-on-spark');
  const locals = new Map<string, Awaited<ReturnType<typeof jobAndFile>>>();
  const outputOf = (name: string): string => join(directory, name, `spark-${version}`);
  after(() => rmSync(directory, { recursive: true, force: true }));

  const write = async (): Promise<readonly string[]> => {
    const files = await WorldFiles.open();
    const jobs: string[] = [];
    for (const { world, users } of worlds) {
      const place = join(directory, world.name);
      const config = await files.write(world, place, 'parquet', new Dice(world.name));
      const shuffled = join(directory, `${world.name} again`);
      if (isShuffled) await files.writeTables(world.tables, shuffled, 'parquet', new Dice(`${world.name} again`));
      const local = await jobAndFile(config, world.stage, overridesOf(world), users);
      locals.set(world.name, local);
      const script = generateScript(local.job, isShuffled ? [{ from: place, to: shuffled }] : [], local.facts);
      const places = { output: outputOf(world.name), work: join(directory, '_work', world.stage) };
      const file = join(directory, `${world.stage}.py`);
      writeFileSync(file, sparkPythonText(script, [], local.job.plan.timezone, places));
      jobs.push(file);
    }
    files.close();
    await writeWrongInputs();
    return [wrongInputsProgram(version), ...settings, ...jobs];
  };

  for (const { world } of worlds)
    test(
      `Spark ${version} draws the rows of the local file, and locks them as it does: ${world.name}`,
      { skip },
      async () => {
        const local = locals.get(world.name);
        assert.ok(local);
        const isFolder = local.job.placement.folder !== null;
        const from = isFolder ? read(local.file) : `read_parquet('${local.file}')`;
        const columns = await describe(from);
        const output = outputOf(world.name);
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

  testWrongInputs(version);
  return { write, read: (printed) => readWrongInputs(version, printed) };
}
