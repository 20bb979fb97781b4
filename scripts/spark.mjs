// Installs two versions of Apache Spark for the tests of Spark jobs into .cache/spark, from the Python package. Needs
// Java, which CI installs. Idempotent: a stamp records that an installation is complete.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cache, root } from './paths.mjs';
import { installPinned } from './python.mjs';
import { fail, findProgram, isMain, run, runDownload, say, ScriptError } from './process.mjs';
import { hashOf, isStamped, stamp } from './stamp.mjs';

/** The versions that jobs are tested with. `test/spark/requirements-VERSION.txt` pins their packages. */
const versions = ['3.5', '4.3'];

const folderOf = (version) => path.join(cache, 'spark', version);
const environmentOf = (version) => path.join(folderOf(version), 'python');
const requirementsOf = (version) => path.join(root, 'test', 'spark', `requirements-${version}.txt`);
const stampOf = (version) => path.join(folderOf(version), 'installed');

/** Programs of Spark by version, and the environment variables that they need. */
export const spark = Object.fromEntries(versions.map((version) => [version, programs(environmentOf(version))]));

/** The newest version and its programs. */
export const newestSpark = [versions.at(-1), spark[versions.at(-1)]];

function programs(environment) {
  const python = path.join(environment, 'bin', 'python');
  return {
    python,
    submit: path.join(environment, 'bin', 'spark-submit'),
    sql: path.join(environment, 'bin', 'spark-sql'),
    env: { PYSPARK_PYTHON: python, SPARK_LOCAL_IP: '127.0.0.1' },
  };
}

export function hasSpark() {
  return versions.every(isInstalled);
}

/** Installs what is missing. @throws {ScriptError} naming the program that is missing */
export async function ensureSpark() {
  if (hasSpark()) return;
  if (process.env.CI === 'true') await ensureJava();
  for (const program of ['java', 'python3'])
    if (findProgram(program) === undefined) throw new ScriptError(`${program} is not on PATH, and Spark needs it`);
  for (const version of versions.filter((one) => !isInstalled(one))) {
    say(`Installing Apache Spark ${version} for the tests of Spark jobs (450 MB, once) …`);
    const environment = environmentOf(version);
    rmSync(folderOf(version), { recursive: true, force: true });
    mkdirSync(folderOf(version), { recursive: true });
    const env = { ...process.env, ...notCompressed() };
    await installPinned('python3', environment, requirementsOf(version), { env });
    await run(spark[version].python, ['-c', 'import pyspark']);
    stamp(stampOf(version), wanted(version));
  }
}

/** Pip makes a wheel of Spark's archive. To compress its libraries again takes 10 s of a processor, and nobody keeps it. */
function notCompressed() {
  const settings = path.join(cache, 'spark', 'wheels.cfg');
  writeFileSync(settings, '[bdist_wheel]\ncompression = stored\n');
  return { DIST_EXTRA_CONFIG: settings };
}

/** Under CI=true on Debian or Ubuntu, installs Java if it is missing. */
async function ensureJava() {
  if (findProgram('java') !== undefined || findProgram('apt-get') === undefined) return;
  say('Installing Java …');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runDownload('apt-get', ['update', '-qq'], { env });
  await runDownload('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'openjdk-17-jre-headless'], { env });
}

const isInstalled = (version) => isStamped(stampOf(version), wanted(version));
const wanted = (version) => hashOf([readFileSync(requirementsOf(version))]);

if (isMain(fileURLToPath(import.meta.url))) ensureSpark().catch(fail);
