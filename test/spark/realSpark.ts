import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, unwatchFile, watchFile, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { shipped } from '../cli/shipped.ts';
import { succeed } from '../fixtures/succeed.ts';

interface Spark {
  readonly submit: string;
  readonly sql: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A version that scripts/spark.mjs installs. */
export type SparkVersion = '3.5' | '4.3';

/** Programs of Spark by version, from scripts/spark.mjs. */
const given = process.env['RECSAMPLE_SPARK'] ?? '';
/** Why Spark cannot run here; false if it can. */
export const skip = given === '' ? 'Apache Spark is not installed; node scripts/spark.mjs does it' : false;

/** Runs jobs of Python in one session on two cores, and returns what it printed. Expressions are interpreted first. */
export async function submit(
  version: SparkVersion,
  directory: string,
  program: string,
  args: readonly string[],
): Promise<string> {
  const spark = programs(version);
  const own = options('local[2]', [...interpreted, smallPages, raw, fewHadoopSettings(directory)]);
  return await succeed(spark.submit, [...own, program, ...args], { cwd: directory, env: spark.env });
}

/**
 * Runs jobs with spark-sql, and kills its process by its id as soon as a path exists. Returns what it printed.
 * `settings`: of the session; the rows must not depend on them.
 */
export async function killOnceThere(
  directory: string,
  file: string,
  path: string,
  settings: readonly string[],
): Promise<string> {
  const spark = programs('3.5');
  const own = options('local[2]', [...interpreted, smallPages, fewHadoopSettings(directory), ...settings]);
  const child = spawn(spark.sql, [...own, '-f', file], {
    cwd: directory,
    env: { ...process.env, ...spark.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [printed, errors] = [text(child.stdout), text(child.stderr)];
  const ended = once(child, 'exit');
  watchFile(path, { interval: 10 }, () => {
    if (existsSync(path)) child.kill('SIGKILL');
  });
  try {
    const [code, signal] = (await ended) as [number | null, NodeJS.Signals | null];
    if (signal !== 'SIGKILL')
      throw new Error(
        `spark-sql ended with exit code ${code ?? 'none'} before it was killed:\n${(await errors).slice(-5000)}`,
      );
    return await printed;
  } finally {
    unwatchFile(path);
  }
}

/**
 * Runs `recsample spark … --run` as a process, with the spark-sql of Spark 4 on a cluster of two workers on this
 * machine, and its own file system.
 */
export async function runOnWorkers(
  directory: string,
  args: readonly string[],
  settings: readonly string[],
): Promise<void> {
  const spark = programs('4.3');
  const command = [spark.sql, ...options('local-cluster[2,1,1024]', settings)].map((word) => `'${word}'`).join(' ');
  const line = [shipped, 'spark', ...args, '--run', '--command', command];
  await succeed(process.execPath, line, { cwd: directory, env: spark.env });
}

function programs(version: SparkVersion): Spark {
  return (JSON.parse(given) as Readonly<Record<SparkVersion, Spark>>)[version];
}

/** Most of the time of a small job is compiling, and its heap is small. */
const java = [
  ...['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xms1g', '-Xmn512m', '-XX:MetaspaceSize=256m'],
  ...['-XX:ReservedCodeCacheSize=256m', '-XX:-UsePerfData'],
  // The classes of Spark are right, so their thousands of files need no verification at each start.
  ...['-XX:+UnlockDiagnosticVMOptions', '-XX:-BytecodeVerificationRemote'],
];
const cheap = [
  'spark.ui.enabled=false',
  'spark.sql.shuffle.partitions=2',
  'spark.driver.bindAddress=127.0.0.1',
  'spark.sql.catalogImplementation=in-memory',
  // Spark writes each plan into its events, also without a page that shows them.
  'spark.sql.ui.explainMode=simple',
  'spark.executor.extraJavaOptions=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC',
];
// Each sort and each table of hashes begins with a page, of 32 MB by default. `--run` keeps the default.
const smallPages = 'spark.buffer.pageSize=1m';
// No files of checksums. `session.py` also avoids a process of chmod for each file.
const raw = 'spark.hadoop.fs.file.impl=org.apache.hadoop.fs.RawLocalFileSystem';

/**
 * A setting of sessions whose jobs scan many small files. Spark sends all settings of Hadoop to the tasks of each scan,
 * and Hadoop compresses the name of the source of each. Files without settings take the place of those with a thousand
 * defaults; the programs know the ones that they need. `--run` keeps the defaults of users.
 */
function fewHadoopSettings(directory: string): string {
  const files = join(directory, 'hadoop-defaults');
  mkdirSync(files, { recursive: true });
  for (const part of ['core', 'mapred', 'yarn'])
    writeFileSync(join(files, `${part}-default.xml`), '<configuration></configuration>\n');
  return `spark.driver.extraClassPath=${files}`;
}

/** Expressions are not compiled, which is cheaper in jobs with few rows, and a second way to the same rows. */
export const interpretedExpressions = [
  'spark.sql.codegen.wholeStage=false',
  'spark.sql.codegen.factoryMode=NO_CODEGEN',
];
/** Settings of sessions and of single jobs, whose plans are not adaptive either. */
export const interpreted = [...interpretedExpressions, 'spark.sql.adaptive.enabled=false'];

function options(master: string, settings: readonly string[]): string[] {
  return [
    ...['--master', master, '--driver-memory', '2g', '--driver-java-options', java.join(' ')],
    ...[...cheap, ...settings].flatMap((one) => ['--conf', one]),
  ];
}
