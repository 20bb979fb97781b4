// `npm test`: every test, reported by phase; the last line is the count.
//   npm test -- [--only PHASE[,PHASE]] [--grep TEXT] [--seed N] [--changed] [--since COMMIT]
import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { buildIfStale } from './build.mjs';
import { bundleTests } from './bundleTests.mjs';
import { changedTests } from './changedTests.mjs';
import { CpuMeter } from './cpuMeter.mjs';
import { groupsOf } from './groupTests.mjs';
import { packageVsix } from './package.mjs';
import { dist, nodeModules, results, root } from './paths.mjs';
import { fail, findProgram, readOptions, run, ScriptError } from './process.mjs';
import { slowestCount, slowestOf } from './reporter.mjs';
import { filesUnder } from './stamp.mjs';
import { ensureSpark, hasSpark, spark } from './spark.mjs';
import { prepareWorkbench } from './prepareWorkbench.mjs';
import { runTestFiles } from './testFiles.mjs';
import { TestPool } from './testPool.mjs';
import { secondsOf } from './testSeconds.mjs';
import { ensureTraining, hasTraining, training } from './training.mjs';
import {
  ensureChromium,
  ensureWorkbench,
  findChromium,
  hasWorkbench,
  withoutEditorVariables,
  workbenchObstacle,
} from './workbench.mjs';

/** Runs once, however many phases need it. */
const once = (job) => {
  let running;
  return () => (running ??= job());
};
const built = once(buildIfStale);
/** True once tests are bundled, so that the bundles are removed at the end. */
let isBundled = false;
const bundled = once(() => {
  isBundled = true;
  return bundleTests(allFilesOf('test'));
});
const packaged = once(packageVsix);
/** What the tests in a workbench share. */
const scratch = path.join(tmpdir(), `recsample-test-${process.pid}`);
/** What the other files of tests share. */
const shared = `${scratch}-shared`;
const workbenchPrepared = once(async () => {
  const vsix = await packaged();
  await built();
  return { ...(await prepareWorkbench(vsix, scratch)), RECSAMPLE_GREP: values.grep ?? '' };
});
let installing = Promise.resolve();
/** As `once`, after what is being installed: two of the installations use apt-get. */
const queued = (install) => once(() => (installing = installing.catch(() => undefined).then(install)));
const chromiumInstalled = queued(ensureChromium);
const workbenchInstalled = queued(ensureWorkbench);
const trainingInstalled = queued(ensureTraining);
const sparkInstalled = queued(ensureSpark);

/** One job more than processors, because tests wait for the processes that they start. */
const pool = new TestPool({ slots: Math.min(4, availableParallelism()) + 1, inBrowser: 2 });

/** Phases of the report. Their jobs share the pool. */
const phases = {
  lint: () =>
    parallel([
      check('types and rules', tool('oxlint', 'bin', 'oxlint'), []),
      check('format', tool('oxfmt', 'bin', 'oxfmt'), ['--check']),
    ]),
  unit: () => nodeTests('test/unit'),
  engine: () => nodeTests('test/engine'),
  server: () => nodeTests('test/server', { needsBuild: true }),
  cli: () => nodeTests('test/cli', { needsBuild: true }),
  sampling: samplingTests,
  training: trainingTests,
  spark: sparkTests,
  fuzz: () => nodeTests('test/fuzz', { needsBuild: true }),
  faults: () => nodeTests('test/faults', { needsBuild: true }),
  repo: () => nodeTests('test/repo', { vsix: true }),
  webview: () => workbenchTests('test/webview', { workbench: false }),
  host: () => workbenchTests('test/workbench/host.test.ts'),
  browser: () => workbenchTests('test/workbench/browser'),
};

/** Phases with tests in a browser. */
const inBrowser = ['webview', 'host', 'browser'];

/** Properties begin at this seed, so that two runs try the same cases. */
const propertySeed = 2026;

const help = `npm test -- [--only PHASE[,PHASE]] [--grep TEXT] [--seed N] [--changed] [--since COMMIT]

  --only      ${Object.keys(phases).join(', ')}
  --grep      only tests whose name matches this regular expression
  --seed      of the property tests, default ${propertySeed}: another one tries other cases
  --changed   only files of tests that uncommitted changes can break
  --since     the same for all changes since a commit`;

const values = readOptions({
  only: { type: 'string', multiple: true },
  grep: { type: 'string' },
  seed: { type: 'string', default: `${propertySeed}` },
  changed: { type: 'boolean' },
  since: { type: 'string' },
  help: { type: 'boolean' },
});

const inCi = process.env.CI === 'true';
const tool = (...parts) => path.join(nodeModules, ...parts);
const allFilesOf = (place) =>
  filesUnder(path.join(root, place))
    .filter((file) => file.endsWith('.test.ts'))
    .sort();
/** Files of tests that are to run; null: all. */
let wantedFiles = null;
const filesOf = (place) => allFilesOf(place).filter((file) => wantedFiles?.has(file) ?? true);
const print = (text) => process.stdout.write(text);
const nothing = {
  passed: 0,
  failed: 0,
  skipped: 0,
  seconds: 0,
  cpu: 0,
  failures: [],
  slowest: [],
  dearest: [],
  skips: [],
};
const add = (a, b) => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
  seconds: a.seconds + b.seconds,
  cpu: a.cpu + b.cpu,
  failures: [...a.failures, ...b.failures],
  slowest: [...a.slowest, ...b.slowest],
  dearest: [...a.dearest, ...b.dearest],
  skips: [...a.skips, ...b.skips],
});
const parallel = async (jobs) => (await Promise.all(jobs)).reduce(add, nothing);

const meter = new CpuMeter();

/**
 * Runs a job in the pool, with the seconds that it takes and those of processors.
 * @param names of what it runs, as in scripts/testSeconds.mjs
 * @param job gets `started`, to call with the id of its process
 * @returns its `result`, and its `costs`
 */
async function measured(names, job, inBrowser = false) {
  let end = () => undefined;
  const started = (pid) => (end = meter.start(pid));
  const { result, seconds } = await pool.run({ seconds: secondsOf(names), inBrowser }, () => job(started));
  const cpu = end() ?? 0;
  // Files that share a process report their own seconds. Where those of other files are not known, none are printed.
  const own = names.length === 1 || cpu === 0 ? { dearest: [{ name: names[0], cpu }] } : {};
  return { result, costs: { seconds, cpu, ...own } };
}

/** One failure that is not of a test: says it now, and again at the end of the run. */
function failed(name, reason, details = '') {
  print(`\n✖ ${name}: ${reason}\n${details}`);
  return { ...nothing, failed: 1, failures: [{ name, reason }] };
}

/** A program whose exit code counts as one test. */
async function check(name, script, args) {
  const options = { cwd: root, allowFailure: true };
  const program = (started) => run(process.execPath, [script, ...args], { ...options, started });
  const { result, costs } = await measured([name], program);
  const { code, output } = result;
  if (code === 0) return { ...nothing, ...costs, passed: 1 };
  return { ...failed(name, `ended with ${code}`, `${output.replace(/^/gm, '    ')}\n`), ...costs };
}

/** Runs the files of a folder and counts the reporter's results. A file that ends without counts is a failure. */
async function nodeTests(place, { needsBuild = false, vsix = false, isInBrowser = false, env = {} } = {}) {
  const files = filesOf(place);
  if (files.length === 0) return nothing;
  if (needsBuild) await built();
  const packagedEnv = vsix ? { RECSAMPLE_VSIX: await packaged() } : {};
  const { folder, fileOf, drawWorker } = await bundled();
  const environment = {
    ...withoutEditorVariables(),
    ...packagedEnv,
    ...env,
    RECSAMPLE_DIST: dist,
    RECSAMPLE_SHARED: shared,
    RECSAMPLE_BUNDLES: folder,
    RECSAMPLE_DRAW_WORKER: drawWorker,
    RECSAMPLE_PROPERTY_SEED: values.seed,
  };
  const names = files.map((file) => path.relative(root, file).split(path.sep).join('/'));
  // A pattern that is the name of a file would select all of its tests if it shared a process.
  const groups = values.grep === undefined ? groupsOf(names) : names.map((name) => [name]);
  return parallel(
    groups.map(async (group) => {
      const parts = group.map((name) => ({ name, bundle: fileOf(path.join(root, name)) }));
      const testFiles = (started) => runTestFiles(parts, { env: environment, grep: values.grep, started });
      const { result, costs } = await measured(group, testFiles, isInBrowser);
      print(result.output);
      return { ...processCounts(result), ...costs };
    }),
  );
}

/** The counts of a process that ran files of tests. */
function processCounts({ results, problems }) {
  const ofFiles = results.map(({ name, counts, cpu }) => {
    const inFile = (test) => ({ ...test, name: `${name}: ${test.name}` });
    const tests = { failures: counts.failures.map(inFile), slowest: counts.slowest.map(inFile) };
    return { ...nothing, ...counts, ...tests, dearest: [{ name, cpu }] };
  });
  return [...ofFiles, ...problems.map(({ name, reason }) => failed(name, reason))].reduce(add, nothing);
}

/**
 * The sampler against its Python reference and its promises. Outside CI, the reference is skipped with one line if
 * Python is missing.
 */
async function samplingTests() {
  const python = findProgram('python3');
  const fits =
    python !== undefined &&
    (await run(python, ['-c', 'import sys, zoneinfo; sys.exit(sys.version_info < (3, 11))'], { allowFailure: true }))
      .code === 0;
  if (!fits && inCi) throw new ScriptError('python3 of 3.11 or newer is not on PATH');
  return nodeTests('test/sampling', { env: { RECSAMPLE_PYTHON: fits ? python : '' } });
}

/**
 * The snippets of the training guide, on the trainers. Outside CI, they are not installed automatically, and one line
 * says so.
 */
async function trainingTests() {
  if (inCi) await trainingInstalled();
  return nodeTests('test/training', { env: { RECSAMPLE_TRAINING: hasTraining() ? JSON.stringify(training) : '' } });
}

/**
 * The jobs of `recsample spark`: hundreds of worlds on DuckDB, and the demo on Spark itself. Outside CI, Spark is not
 * installed automatically, and one line says so.
 */
async function sparkTests() {
  if (inCi) await sparkInstalled();
  const env = {
    RECSAMPLE_SPARK: hasSpark() ? JSON.stringify(spark) : '',
    RECSAMPLE_PYTHON: findProgram('python3') ?? '',
  };
  return nodeTests('test/spark', { needsBuild: true, env });
}

/**
 * Tests in a browser, most of them in a real workbench. Outside CI, they are skipped with one line if a tool is
 * missing.
 */
async function workbenchTests(folder, { workbench: needsWorkbench = true } = {}) {
  const files = filesOf(folder);
  if (files.length === 0) return nothing;
  if (inCi) await chromiumInstalled();
  const chromium = findChromium();
  const obstacle =
    chromium === undefined ? 'Chromium is not on PATH' : needsWorkbench ? workbenchObstacle() : undefined;
  if (obstacle !== undefined) {
    if (inCi) throw new ScriptError(obstacle);
    print(`skipped ${folder}: ${obstacle}\n`);
    return { ...nothing, skipped: files.length };
  }
  const env = { RECSAMPLE_CHROMIUM: chromium };
  if (!needsWorkbench) return nodeTests(folder, { env, isInBrowser: true });
  if (!hasWorkbench()) await workbenchInstalled();
  return nodeTests(folder, { env: { ...env, ...(await workbenchPrepared()) }, isInBrowser: true });
}

async function wantChanged(since) {
  const tests = allFilesOf('test').map((file) => path.relative(root, file).split(path.sep).join('/'));
  const changed = await changedTests(since, tests);
  print(`${changed.length} of ${tests.length} files of tests, for what changed since ${since}\n`);
  wantedFiles = new Set(changed.map((file) => path.join(root, file)));
}

/** Seconds, and those of processors if this system tells them. Only the latter can be compared on a busy machine. */
const timesOf = ({ seconds, cpu }) =>
  `${Math.round(seconds)} s${cpu > 0 ? `, ${Math.round(cpu)} s of processors` : ''}`;

/** Runs a phase and prints its counts, and the seconds of its files. A phase that cannot run is a failure. */
async function runPhase(name) {
  let counts;
  try {
    counts = await phases[name]();
  } catch (error) {
    counts = failed(name, error instanceof ScriptError ? error.message : (error.stack ?? `${error}`));
  }
  const skipped = counts.skipped === 0 ? '' : `, ${counts.skipped} skipped`;
  const reasons = new Map();
  for (const { count, why } of counts.skips) reasons.set(why, (reasons.get(why) ?? 0) + count);
  for (const [why, count] of reasons) print(`skipped ${count}: ${why}\n`);
  print(`${name.padEnd(10)} ${counts.passed} passed, ${counts.failed} failed${skipped}  (${timesOf(counts)})\n`);
  return counts;
}

/** Installs while tests run. A failure is reported by the phase that waits for it. */
function startInstalling(selected) {
  const needs = [
    [chromiumInstalled, inBrowser],
    [workbenchInstalled, ['host', 'browser']],
    [trainingInstalled, ['training']],
    [sparkInstalled, ['spark']],
  ];
  for (const [install, users] of needs) {
    if (users.some((phase) => selected.includes(phase))) install().catch(() => undefined);
  }
}

/** The tests, and the files by seconds of processors, that a shorter run has to begin with. */
function printSlowest({ slowest, dearest }) {
  const lines = (title, costs) => {
    if (costs.length > 0) print(`${title}:\n`);
    for (const [seconds, what] of costs) print(`${seconds.toFixed(1).padStart(7)} s  ${what}\n`);
  };
  const measured = dearest.filter(({ cpu }) => cpu > 0).sort((a, b) => b.cpu - a.cpu);
  lines(
    'most seconds of processors',
    measured.slice(0, slowestCount).map(({ name, cpu }) => [cpu, name]),
  );
  lines(
    'slowest tests',
    slowestOf(slowest).map(({ name, seconds }) => [seconds, name]),
  );
}

/** Repeats what failed: the failures themselves are thousands of lines above the end of a run. */
function printFailures({ failures }) {
  if (failures.length > 0) print('failed:\n');
  for (const { name, reason } of failures) print(`  ✖ ${name}\n      ${reason.split('\n')[0]}\n`);
}

/** Removes a folder. A process that ends may still write there, and that is no failure of a test. */
function removeFolder(folder) {
  for (let attempt = 1; attempt <= 10; attempt++) {
    try {
      // Node repeats only the last step, and waits 0.1 s before. So the whole removal is repeated here.
      return rmSync(folder, { recursive: true, force: true, maxRetries: 1 });
    } catch (error) {
      if (error.code !== 'ENOTEMPTY') throw error;
    }
  }
  print(`${folder} is not removed: a process still writes there\n`);
}

async function main() {
  if (values.help === true) return print(`${help}\n`);
  if (!Number.isInteger(Number(values.seed)))
    throw new ScriptError(`--seed is a whole number, not "${values.seed}".\n\n${help}`);
  const selected = values.only?.flatMap((names) => names.split(',')) ?? Object.keys(phases);
  const unknown = selected.find((name) => !(name in phases));
  if (unknown !== undefined) throw new ScriptError(`No phase "${unknown}".\n\n${help}`);
  mkdirSync(results, { recursive: true });
  if (values.changed === true || values.since !== undefined) await wantChanged(values.since ?? 'HEAD');
  if (inCi) startInstalling(selected);
  const started = Date.now();
  // Installations, bundles and this process itself.
  const end = meter.start(process.pid);
  let total;
  try {
    total = await parallel(
      Object.keys(phases)
        .filter((phase) => selected.includes(phase))
        .map(runPhase),
    );
  } finally {
    if (isBundled) (await bundled()).remove();
    for (const folder of [scratch, shared]) removeFolder(folder);
  }
  print(`${timesOf({ seconds: (Date.now() - started) / 1000, cpu: total.cpu + (end() ?? 0) })} in all\n`);
  printSlowest(total);
  if (total.passed + total.failed === 0) total = { ...total, failed: 1 };
  printFailures(total);
  if (total.failed > 0) process.exitCode = 1;
  print(`${total.passed} passed, ${total.failed} failed\n`);
}

main().catch(fail);
