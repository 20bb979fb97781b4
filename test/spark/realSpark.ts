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
  const fixed = ['spark.ui.enabled=false', 'spark.sql.shuffle.partitions=2', 'spark.driver.bindAddress=127.0.0.1'];
  const args = [
    ...['--master', 'local[2]', '--driver-memory', '2g'],
    // Most of the time of a small job is compiling.
    ...['--driver-java-options', '-XX:TieredStopAtLevel=1'],
    ...[...fixed, 'spark.sql.catalogImplementation=in-memory', ...settings].flatMap((one) => ['--conf', one]),
    ...(program === 'sql' ? ['-f', file] : [file]),
  ];
  await succeed(spark[program], args, { cwd: directory, env: spark.env });
}
