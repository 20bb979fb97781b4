import { fileURLToPath } from 'node:url';
import { succeed } from '../fixtures/succeed.ts';

interface Spark {
  readonly submit: string;
  readonly sql: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Programs of Spark, from scripts/spark.mjs. */
const given = process.env['RECSAMPLE_SPARK'] ?? '';
/** Why Spark cannot run here; false if it can. */
export const skip = given === '' ? 'Apache Spark is not installed; node scripts/spark.mjs does it' : false;

/** Runs a job on two cores. `settings`: of the cluster; the rows must not depend on them. */
export async function submit(
  program: 'submit' | 'sql',
  directory: string,
  file: string,
  settings: readonly string[],
): Promise<void> {
  const spark = JSON.parse(given) as Spark;
  await succeed(spark[program], [...options(settings), ...(program === 'sql' ? ['-f', file] : [file])], {
    cwd: directory,
    env: spark.env,
  });
}

/** Runs `recsample spark … --run` as a process, with spark-sql on two cores. */
export async function runWithSparkSql(
  directory: string,
  args: readonly string[],
  settings: readonly string[],
): Promise<void> {
  const spark = JSON.parse(given) as Spark;
  const command = [spark.sql, ...options(settings)].map((word) => `'${word}'`).join(' ');
  const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
  const line = ['--import', import.meta.resolve('tsx'), main, 'spark', ...args, '--run', '--command', command];
  await succeed(process.execPath, line, { cwd: directory, env: spark.env });
}

function options(settings: readonly string[]): string[] {
  const fixed = ['spark.ui.enabled=false', 'spark.sql.shuffle.partitions=2', 'spark.driver.bindAddress=127.0.0.1'];
  return [
    ...['--master', 'local[2]', '--driver-memory', '2g'],
    // Most of the time of a small job is compiling.
    ...['--driver-java-options', '-XX:TieredStopAtLevel=1'],
    ...[...fixed, 'spark.sql.catalogImplementation=in-memory', ...settings].flatMap((one) => ['--conf', one]),
  ];
}
