import type { Script } from '../../src/core/spark/script.ts';
import { generateScript } from '../../src/core/spark/generate.ts';
import { Dice } from '../sampling/dice.ts';
import { overridesOf } from '../sampling/sampled.ts';
import type { World } from '../sampling/world.ts';
import type { WorldFiles } from '../sampling/worldFiles.ts';
import { resultRows } from './duckdbDialect.ts';
import { columnsOf, comparable, difference, jobAndFile, queryRows } from './sparkJob.ts';

/** Files that Spark reads. */
const formats = ['parquet', 'parquet', 'csv', 'jsonl'] as const;

/** The script of a world, and how its rows and those of the local file differ; null if they agree. */
export async function compareWorld(
  files: WorldFiles,
  world: World,
  directory: string,
): Promise<{
  readonly script: Script;
  readonly timezone: string;
  readonly found: string | null;
  readonly rows: number;
}> {
  const dice = new Dice(`${world.name} on Spark`);
  const config = await files.write(world, directory, dice.pick(formats), dice);
  const { job, file } = await jobAndFile(config, world.stage, overridesOf(world));
  const script = generateScript(job);
  const columns = await columnsOf(file);
  const expected = await queryRows(comparable(columns, `read_parquet('${file}')`));
  const ours = await resultRows(script, job.plan.timezone, comparable(columns, 'result'));
  return { script, timezone: job.plan.timezone, found: difference(ours, expected), rows: expected.length };
}
