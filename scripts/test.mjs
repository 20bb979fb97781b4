// `npm test`: every test, in phases; the last line is the count.
//   npm test -- [--only PHASE[,PHASE]] [--grep TEXT] [--seed N] [--changed] [--since COMMIT]
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { buildIfStale } from './build.mjs';
import { bundleTests } from './bundleTests.mjs';
import { changedTests } from './changedTests.mjs';
import { packageVsix } from './package.mjs';
import { dist, nodeModules, results, root } from './paths.mjs';
import { fail, findProgram, readOptions, run, ScriptError } from './process.mjs';
import { countsMark, slowestCount } from './reporter.mjs';
import { filesUnder } from './stamp.mjs';
import { ensureSpark, hasSpark, spark } from './spark.mjs';
import { ensureTraining, hasTraining, training } from './training.mjs';
import {
  ensureChromium,
  ensureWorkbench,
  findChromium,
  hasWorkbench,
  withoutEditorVariables,
  workbench,
  workbenchObstacle,
} from './workbench.mjs';

/** Milliseconds after which a hung test ends; no test takes nearly that long. */
const timeLimit = 600_000;

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
let installing = Promise.resolve();
/** As `once`, after what is being installed: two of the installations use apt-get. */
const queued = (install) => once(() => (installing = installing.catch(() => undefined).then(install)));
const chromiumInstalled = queued(ensureChromium);
const workbenchInstalled = queued(ensureWorkbench);
const trainingInstalled = queued(ensureTraining);
const sparkInstalled = queued(ensureSpark);

/** Phases in execution order: the quick ones first. Those of `inBrowser` run at the same time as the others. */
const phases = {
  typecheck: () =>
    parallel(
      ['.', 'src/core', 'assembly', 'webview', 'test/webview'].map(
        (project) => () => check(`typecheck ${project}`, tool('typescript', 'bin', 'tsc'), ['-p', project]),
      ),
    ),
  lint: () =>
    parallel([
      () => check('lint', tool('eslint', 'bin', 'eslint.js'), ['.', '--max-warnings', '0']),
      () => check('format', tool('prettier', 'bin', 'prettier.cjs'), ['--check', '--log-level', 'warn', '.']),
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

/** Phases that wait for pages to be drawn; the other phases use the processors meanwhile. */
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
const nothing = { passed: 0, failed: 0, skipped: 0 };
const add = (a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped });
const parallel = async (jobs) => (await Promise.all(jobs.map((job) => job()))).reduce(add, nothing);

/** A program whose exit code counts as one test. */
async function check(name, script, args) {
  const { code, output } = await run(process.execPath, [script, ...args], { cwd: root, allowFailure: true });
  if (code === 0) return { ...nothing, passed: 1 };
  print(`\n✖ ${name}\n${output.replace(/^/gm, '    ')}\n`);
  return { ...nothing, failed: 1 };
}

/** Runs files with node:test and counts the reporter's results. A run that ends without counts is a failure. */
async function nodeTests(
  folder,
  { needsBuild = false, vsix = false, env = {}, concurrency = Math.min(2, availableParallelism()) } = {},
) {
  const files = filesOf(folder);
  if (files.length === 0) return nothing;
  if (needsBuild) await built();
  const packagedEnv = vsix ? { RECSAMPLE_VSIX: await packaged() } : {};
  const { fileOf, drawWorker } = await bundled();
  const args = [
    '--enable-source-maps',
    '--import',
    path.join(root, 'test', 'propertySeed.mjs'),
    '--test',
    `--test-concurrency=${concurrency}`,
    `--test-timeout=${timeLimit}`,
    `--test-reporter=${path.join(root, 'scripts', 'reporter.mjs')}`,
    '--test-reporter-destination=stdout',
  ];
  if (values.grep !== undefined) args.push(`--test-name-pattern=${values.grep}`);
  const child = spawn(process.execPath, [...args, ...files.map(fileOf)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...withoutEditorVariables(),
      ...packagedEnv,
      ...env,
      RECSAMPLE_DIST: dist,
      RECSAMPLE_DRAW_WORKER: drawWorker,
      RECSAMPLE_PROPERTY_SEED: values.seed,
    },
  });
  let counts;
  let rest = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      if (line.startsWith(countsMark)) counts = JSON.parse(line.slice(countsMark.length));
      else print(`${line}\n`);
    }
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (rest !== '') print(`${rest}\n`);
  if (counts === undefined) {
    print(`\n✖ ${folder}: the test run ended early with code ${code}\n`);
    return { ...nothing, failed: 1 };
  }
  return code !== 0 && counts.failed === 0 ? add(counts, { ...nothing, failed: 1 }) : counts;
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
  return nodeTests('test/spark', { env: { RECSAMPLE_SPARK: hasSpark() ? JSON.stringify(spark) : '' } });
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
  if (!needsWorkbench) return nodeTests(folder, { env });
  if (!hasWorkbench()) await workbenchInstalled();
  const vsix = await packaged();
  const scratch = mkdtempSync(path.join(tmpdir(), 'recsample-test-'));
  try {
    return await nodeTests(folder, {
      env: { ...env, ...(await prepareWorkbench(vsix, scratch)) },
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Installs the VSIX into a separate extension folder and writes the demo workspace with the packaged command line. */
async function prepareWorkbench(vsix, scratch) {
  const extensions = path.join(scratch, 'extensions');
  const userData = path.join(scratch, 'install-data');
  // Copy the driver before the first installation, which registers the extensions that it finds.
  cpSync(path.join(root, 'test', 'workbench', 'driver'), path.join(extensions, 'recsample-test.driver-0.0.1'), {
    recursive: true,
  });
  const env = { ...withoutEditorVariables(), EXTENSIONS_GALLERY: '{}' };
  await run(
    workbench.node,
    [
      workbench.entry,
      '--extensions-dir',
      extensions,
      '--user-data-dir',
      userData,
      '--install-extension',
      vsix,
      '--force',
    ],
    { env },
  );
  const demo = path.join(scratch, 'demo');
  await built();
  await run(process.execPath, [path.join(dist, 'cli.cjs'), 'demo', demo, '--scale', 'tiny']);
  return {
    RECSAMPLE_WORKBENCH_NODE: workbench.node,
    RECSAMPLE_WORKBENCH_ENTRY: workbench.entry,
    RECSAMPLE_EXTENSIONS: extensions,
    RECSAMPLE_DEMO: demo,
    RECSAMPLE_GREP: values.grep ?? '',
  };
}

async function wantChanged(since) {
  const tests = allFilesOf('test').map((file) => path.relative(root, file).split(path.sep).join('/'));
  const changed = await changedTests(since, tests);
  print(`${changed.length} of ${tests.length} files of tests, for what changed since ${since}\n`);
  wantedFiles = new Set(changed.map((file) => path.join(root, file)));
}

/** Runs a phase and prints its counts. A phase that cannot run is a failure. */
async function runPhase(name) {
  const started = Date.now();
  let counts;
  try {
    counts = await phases[name]();
  } catch (error) {
    print(`\n✖ ${name}: ${error instanceof ScriptError ? error.message : (error.stack ?? error)}\n`);
    counts = { ...nothing, failed: 1 };
  }
  const skipped = counts.skipped === 0 ? '' : `, ${counts.skipped} skipped`;
  const seconds = Math.round((Date.now() - started) / 1000);
  print(`${name.padEnd(10)} ${counts.passed} passed, ${counts.failed} failed${skipped}  (${seconds} s)\n`);
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

/** The tests that a shorter run has to begin with. */
function printSlowest(tests) {
  const slowest = tests.sort((a, b) => b.seconds - a.seconds).slice(0, slowestCount);
  if (slowest.length === 0) return;
  print('slowest tests:\n');
  for (const { name, file, seconds } of slowest) print(`${seconds.toFixed(1).padStart(7)} s  ${file}: ${name}\n`);
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
  const slow = [];
  let total = nothing;
  const runPhases = async (names) => {
    for (const name of names) {
      const { slowest = [], ...counts } = await runPhase(name);
      total = add(total, counts);
      slow.push(...slowest);
    }
  };
  const chosen = Object.keys(phases).filter((phase) => selected.includes(phase));
  try {
    await Promise.all([
      runPhases(chosen.filter((name) => !inBrowser.includes(name))),
      runPhases(chosen.filter((name) => inBrowser.includes(name))),
    ]);
  } finally {
    if (isBundled) (await bundled()).remove();
  }
  printSlowest(slow);
  if (total.passed + total.failed === 0) total = { ...total, failed: 1 };
  if (total.failed > 0) process.exitCode = 1;
  print(`${total.passed} passed, ${total.failed} failed\n`);
}

main().catch(fail);
