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
import { entry, quota, writeScarceWorld } from './scarceWorld.ts';
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

/**
 * Set to a stage, its world is drawn with both versions. Else each is drawn with one, because a world takes minutes.
 */
const only = process.env['RECSAMPLE_WORLD'];
const isDrawn = (version: SparkVersion, { stage }: World): boolean =>
  only === undefined ? (version === '3.5') === (stage === 'coarse_ranking') : only === stage;

const read = (files: string): string =>
  `read_parquet('${files}/**/*.parquet', hive_partitioning = true, hive_types_autocast = false)`;

/** The program that runs jobs in one session of PySpark. */
export const sessionProgram = fileURLToPath(new URL('session.py', import.meta.url));

type Roots = Parameters<typeof generateScript>[1];

interface PythonSession {
  /** Writes the jobs. Returns them as arguments of the program. */
  readonly write: () => Promise<readonly string[]>;
  /** Gets what the program printed. */
  readonly read: (printed: string) => void;
}

/** A small job of its own, whose driver makes the further attempts. */
const scarce = 'scarce items';

/**
 * Tests of the worlds that hold everything, of attempts of the driver, and of wrong inputs. Their jobs run in one
 * session of PySpark.
 */
export function testPythonSession(version: SparkVersion): PythonSession {
  const { isShuffled, settings } = sessions[version];
  const worlds = everyWorlds().filter(({ world }) => isDrawn(version, world));
  const directory = join(folder, 'worlds-on-spark');
  const locals = new Map<string, Awaited<ReturnType<typeof jobAndFile>>>();
  let printedByJobs = '';
  const outputOf = (name: string): string => join(directory, name, `spark-${version}`);
  after(() => rmSync(directory, { recursive: true, force: true }));

  const write = async (): Promise<readonly string[]> => {
    const files = await WorldFiles.open();
    const jobs: string[] = [];
    const add = (name: string, stage: string, local: Awaited<ReturnType<typeof jobAndFile>>, roots: Roots): void => {
      locals.set(name, local);
      const script = generateScript(local.job, roots, local.facts);
      const places = { output: outputOf(name), work: join(directory, '_work', stage) };
      const file = join(directory, `${stage}.py`);
      writeFileSync(file, sparkPythonText(script, [], local.job.plan.timezone, places));
      jobs.push(file);
    };
    for (const { world, users } of worlds) {
      const place = join(directory, world.name);
      const config = await files.write(world, place, 'parquet', new Dice(world.name));
      const shuffled = join(directory, `${world.name} again`);
      if (isShuffled) await files.writeTables(world.tables, shuffled, 'parquet', new Dice(`${world.name} again`));
      const local = await jobAndFile(config, world.stage, overridesOf(world), users);
      add(world.name, world.stage, local, isShuffled ? [{ from: place, to: shuffled }] : []);
    }
    add(scarce, 'scarce', await jobAndFile(await writeScarceWorld(join(directory, scarce)), 'recall'), []);
    files.close();
    await writeWrongInputs();
    return [wrongInputsProgram(version), ...settings, ...jobs];
  };

  for (const name of [...worlds.map(({ world }) => world.name), scarce])
    test(
      `Spark ${version} draws the rows of the local file, and locks them as it does: ${name}`,
      { skip },
      async () => {
        const local = locals.get(name);
        assert.ok(local);
        const isFolder = local.job.placement.folder !== null;
        const from = isFolder ? read(local.file) : `read_parquet('${local.file}')`;
        const columns = await describe(from);
        const output = outputOf(name);
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
            isShuffled && name !== scarce ? null : data,
          ]);
        assert.deepEqual(locks(output, true), locks(local.file, isFolder));
      },
    );

  test(
    `the driver makes the further attempts of a job on Spark ${version}, which fill some groups`,
    { skip },
    async () => {
      for (const k of [2, 3])
        assert.ok(printedByJobs.includes(`${entry}__accepted_${k}: made by the driver\n`), `accepted_${k}`);
      const groups = `SELECT count(*) AS drawn FROM ${read(outputOf(scarce))} WHERE label = 0 GROUP BY request_id, positive_item`;
      const found = await queryRows(`SELECT DISTINCT drawn < ${quota} FROM (${groups}) ORDER BY 1`);
      assert.deepEqual(found, ['[false]', '[true]']);
    },
  );

  testWrongInputs(version);
  const readPrinted = (printed: string): void => {
    printedByJobs = printed;
    readWrongInputs(version, printed);
  };
  return { write, read: readPrinted };
}
