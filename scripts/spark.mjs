// Installs two versions of Apache Spark for the tests of Spark jobs into .cache/spark, from the Python package. Needs
// Java, which CI installs. Idempotent: a stamp records that an installation is complete.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cache, root } from './paths.mjs';
import { createEnvironment, installPinned, pythonOf } from './python.mjs';
import { fail, findProgram, isMain, runDownload, say, ScriptError } from './process.mjs';
import { hashOf, isStamped, stamp } from './stamp.mjs';

/** The versions that jobs are tested with. `test/spark/requirements-VERSION.txt` pins their package. */
const versions = ['3.5', '4.3'];

const folderOf = (version) => path.join(cache, 'spark', version);
const environmentOf = (version) => path.join(folderOf(version), 'python');
/** The layout of Spark's own archive: `bin`, `jars` and `python/lib`, from which programs import pyspark. */
const homeOf = (version) => path.join(folderOf(version), 'home');
const requirementsOf = (what) => path.join(root, 'test', 'spark', `requirements-${what}.txt`);
const stampOf = (version) => path.join(folderOf(version), 'installed');

/** Programs of Spark by version, and the environment variables that they need. */
export const spark = Object.fromEntries(
  versions.map((version) => [version, programs(homeOf(version), pythonOf(environmentOf(version)))]),
);

/** The newest version and its programs. */
export const newestSpark = [versions.at(-1), spark[versions.at(-1)]];

function programs(home, python) {
  return {
    submit: path.join(home, 'bin', 'spark-submit'),
    sql: path.join(home, 'bin', 'spark-sql'),
    env: { SPARK_HOME: home, PYSPARK_PYTHON: python, SPARK_LOCAL_IP: '127.0.0.1' },
  };
}

export function hasSpark() {
  return versions.every(isInstalled);
}

/** Installs what is missing. @throws {ScriptError} naming the program that is missing */
export async function ensureSpark() {
  const missing = versions.filter((one) => !isInstalled(one));
  if (missing.length === 0) return;
  if (process.env.CI === 'true') await ensureJava();
  for (const program of ['java', 'python3'])
    if (findProgram(program) === undefined) throw new ScriptError(`${program} is not on PATH, and Spark needs it`);
  const builder = path.join(cache, 'spark', 'builder');
  rmSync(builder, { recursive: true, force: true });
  const pip = await installPinned('python3', builder, requirementsOf('builder'));
  for (const version of missing) {
    say(`Installing Apache Spark ${version} for the tests of Spark jobs (450 MB, once) …`);
    rmSync(folderOf(version), { recursive: true, force: true });
    mkdirSync(folderOf(version), { recursive: true });
    await createEnvironment('python3', environmentOf(version));
    await unpack(version, pip);
    stamp(stampOf(version), wanted(version));
  }
  rmSync(builder, { recursive: true, force: true });
}

/**
 * Downloads the archive of a version and moves its parts to its home. Pip unpacks an archive to read its metadata, and
 * `--no-clean` keeps what it unpacked. To install it, pip would also make a wheel of it and unpack that too.
 */
async function unpack(version, [program, ...pip]) {
  const place = path.join(folderOf(version), 'unpacked');
  const download = ['download', '--quiet', '--no-deps', '--no-binary', 'pyspark', '--no-build-isolation', '--no-clean'];
  const args = [...pip, ...download, '--dest', path.join(place, 'archive'), '-r', requirementsOf(version)];
  // A failed try may leave a part of the archive.
  const prepare = () => {
    rmSync(place, { recursive: true, force: true });
    mkdirSync(place);
  };
  await runDownload(program, args, { env: { ...process.env, TMPDIR: place }, prepare });
  const parts = ['deps/bin/spark-submit', 'deps/jars', 'lib/pyspark.zip'];
  const found = foldersIn(place)
    .flatMap(foldersIn)
    .find((folder) => parts.every((part) => existsSync(path.join(folder, part))));
  if (found === undefined)
    throw new ScriptError(`pip left no folder in ${place} that has the parts of Apache Spark: ${parts.join(', ')}`);
  renameSync(path.join(found, 'deps'), homeOf(version));
  mkdirSync(path.join(homeOf(version), 'python'));
  renameSync(path.join(found, 'lib'), path.join(homeOf(version), 'python', 'lib'));
  rmSync(place, { recursive: true, force: true });
}

const foldersIn = (folder) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => path.join(folder, name));

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
