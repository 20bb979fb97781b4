// Installs Apache Spark for the tests of Spark jobs into .cache/spark, from the Python package. Needs Java, which CI
// installs. Idempotent: a stamp records that the installation is complete.
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cache, root } from './paths.mjs';
import { fail, findProgram, isMain, run, runDownload, say, ScriptError } from './process.mjs';
import { hashOf, isStamped, stamp } from './stamp.mjs';

const folder = path.join(cache, 'spark');
const environment = path.join(folder, 'python');
const requirements = path.join(root, 'test', 'spark', 'requirements.txt');
const stampFile = path.join(folder, 'installed');

/** Programs of Spark, and the environment variables that they need. */
export const spark = {
  python: path.join(environment, 'bin', 'python'),
  submit: path.join(environment, 'bin', 'spark-submit'),
  sql: path.join(environment, 'bin', 'spark-sql'),
  env: { PYSPARK_PYTHON: path.join(environment, 'bin', 'python'), SPARK_LOCAL_IP: '127.0.0.1' },
};

export function hasSpark() {
  return isStamped(stampFile, wanted());
}

/** Installs it if it is missing. @throws {ScriptError} naming what is missing */
export async function ensureSpark() {
  if (hasSpark()) return;
  if (process.env.CI === 'true') await ensureJava();
  for (const program of ['java', 'python3'])
    if (findProgram(program) === undefined) throw new ScriptError(`${program} is not on PATH, and Spark needs it`);
  say('Installing Apache Spark for the tests of Spark jobs (420 MB, once) …');
  rmSync(folder, { recursive: true, force: true });
  await run('python3', ['-m', 'venv', environment]);
  // Every version is pinned, so pip resolves nothing.
  await runDownload(path.join(environment, 'bin', 'pip'), ['install', '--quiet', '--no-deps', '-r', requirements]);
  await run(spark.python, ['-c', 'import pyspark']);
  stamp(stampFile, wanted());
}

/** Under CI=true on Debian or Ubuntu, installs Java if it is missing. */
async function ensureJava() {
  if (findProgram('java') !== undefined || findProgram('apt-get') === undefined) return;
  say('Installing Java …');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runDownload('apt-get', ['update', '-qq'], { env });
  await runDownload('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'openjdk-17-jre-headless'], { env });
}

const wanted = () => hashOf([readFileSync(requirements), readFileSync(fileURLToPath(import.meta.url))]);

if (isMain(fileURLToPath(import.meta.url))) ensureSpark().catch(fail);
