// Installs a VS Code workbench (code-server on its own Node) into .cache/workbench, for `npm start` without an
// installed VS Code and for the workbench tests. Idempotent: a stamp records the installed versions.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cache } from './paths.mjs';
import { fail, findProgram, isMain, run, runDownload, say, ScriptError } from './process.mjs';
import { isStamped, stamp } from './stamp.mjs';

/** The only place that pins the versions of the workbench. */
const versions = { node: '24.21.0', codeServer: '4.139.1' };

const folder = path.join(cache, 'workbench');
const nodePackage = `node-${process.platform}-${process.arch}`;
const nodeHome = path.join(folder, 'node24', 'node_modules', nodePackage);
const stampFile = path.join(folder, 'installed');
const stampText = JSON.stringify({ ...versions, platform: process.platform, arch: process.arch });

const codeServer = path.join(folder, 'code-server', 'node_modules', 'code-server');

/** The program and script that start code-server, and the extensions that VS Code ships. */
export const workbench = {
  node: path.join(nodeHome, 'bin', 'node'),
  entry: path.join(codeServer, 'out', 'node', 'entry.js'),
  extensions: path.join(codeServer, 'lib', 'vscode', 'extensions'),
};

/** True if the workbench is installed in the pinned versions. */
export function hasWorkbench() {
  return isStamped(stampFile, stampText) && existsSync(workbench.entry);
}

/** The reason why the workbench cannot be installed here, as a sentence; undefined if it can. */
export function workbenchObstacle() {
  if (hasWorkbench()) return undefined;
  if (process.platform === 'win32')
    return "the local workbench does not run on Windows: put VS Code's own `code` on PATH";
  const missing = [
    ['gcc', ['gcc', 'cc', 'clang']],
    ['g++', ['g++', 'c++', 'clang++']],
    ['make', ['make']],
    ['python3', ['python3']],
  ]
    .filter(([, names]) => !names.some((name) => findProgram(name)))
    .map(([name]) => name);
  return missing.length === 0
    ? undefined
    : `the local workbench compiles two small modules and needs ${missing.join(', ')}: install ${missing.length === 1 ? 'it' : 'them'} and try again`;
}

/** Installs the workbench if it is missing or has other versions. @throws {ScriptError} naming what is missing */
export async function ensureWorkbench() {
  if (hasWorkbench()) return;
  const obstacle = workbenchObstacle();
  if (obstacle !== undefined) throw new ScriptError(obstacle);
  say(`Installing the local workbench (code-server ${versions.codeServer}, 810 MB, once) …`);
  rmSync(folder, { recursive: true, force: true });
  // Package scripts are not run: they expect other Node versions or download things that are not needed.
  const npm = (args, cwd, env) =>
    runDownload('npm', [...args, '--no-audit', '--no-fund', '--no-update-notifier'], { cwd, env });
  await npm([
    'install',
    '--prefix',
    path.join(folder, 'node24'),
    '--ignore-scripts',
    `${nodePackage}@${versions.node}`,
  ]);
  // Native modules must be compiled against the headers of the Node that loads them.
  const env = {
    ...process.env,
    PATH: `${path.join(nodeHome, 'bin')}${path.delimiter}${process.env.PATH}`,
    npm_config_nodedir: nodeHome,
  };
  await npm(
    ['install', '--prefix', path.join(folder, 'code-server'), '--ignore-scripts', `code-server@${versions.codeServer}`],
    undefined,
    env,
  );
  const vscode = path.dirname(workbench.extensions);
  await npm(['install', '--omit=dev', '--ignore-scripts'], vscode, env);
  // Without spdlog, output channels do not work. To compile it with optimization takes longer than all of its work.
  const quick = { ...env, CXXFLAGS: '-O0 -std=gnu++17' };
  await npm(['rebuild', '@vscode/spdlog', '@vscode/native-watchdog'], vscode, quick);
  await npm(['install', '--omit=dev', '--ignore-scripts'], workbench.extensions, env);
  stamp(stampFile, stampText);
  say('The local workbench is installed.');
}

/** Chromium without a user interface, as Debian names its package: pages cost half the processor time in it. */
const headlessShell = 'chromium-headless-shell';

/** The Chromium that the browser tests use, or undefined. */
export function findChromium() {
  const named = process.env.CHROMIUM ?? '';
  if (named !== '') return named;
  return [headlessShell, 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
    .map((name) => findProgram(name))
    .find((found) => found !== undefined);
}

/** Under CI=true on Debian or Ubuntu, installs Chromium and the fonts for the screenshots if they are missing. */
export async function ensureChromium() {
  const found = findChromium();
  if (findProgram('apt-get') === undefined) {
    if (found !== undefined) return;
    throw new ScriptError('Chromium is missing and there is no apt-get to install it with');
  }
  const fonts = [];
  for (const font of ['fonts-dejavu-core', 'fonts-inter', 'fonts-noto-cjk']) {
    const { output } = await run('dpkg-query', ['-W', '-f=${Status}', font], { allowFailure: true });
    if (!output.includes('install ok installed')) fonts.push(font);
  }
  if (found !== undefined && fonts.length === 0) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runDownload('apt-get', ['update', '-qq'], { env });
  const missing = [...(found === undefined ? [await chromiumPackage()] : []), ...fonts];
  say(`Installing ${missing.join(', ')} …`);
  await runDownload('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], { env });
}

/** Ubuntu has no package of the headless shell. */
async function chromiumPackage() {
  const { code } = await run('apt-cache', ['show', headlessShell], { allowFailure: true });
  return code === 0 ? headlessShell : 'chromium';
}

/** Variables that code-server reads like options, and those that a VS Code terminal passes to its children. */
const editorVariables =
  /^(PORT|PASSWORD|HASHED_PASSWORD|GITHUB_TOKEN|LOG_LEVEL|NODE_ENV|NODE_OPTIONS)$|^(VSCODE|CODE_SERVER|CS)_/;

/** The environment without the variables that change how a workbench starts. */
export function withoutEditorVariables(env = process.env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !editorVariables.test(name)));
}

/** Milliseconds after which a start counts as hung. On an idle machine, it takes a second. */
const startLimit = 60_000;

/** Characters of the end of a log that are kept: a workbench may run for days. */
const logLength = 1_000_000;

/** The child, what it says, and `ended`, which is true at the end of its output. */
function startProgram([program, ...args], env) {
  // Its own process group, so that all of its processes end with it.
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const started = { child, log: '', hasEnded: false };
  started.ended = new Promise((resolve) => {
    child.once('close', resolve);
    child.once('error', (error) => resolve((started.log += error.message)));
  }).then(() => (started.hasEnded = true));
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => (started.log = (started.log + text).slice(-logLength)));
  return started;
}

/**
 * Starts code-server without a password on 127.0.0.1.
 * @param program Node and its script
 * @param folder gets its configuration and its user data
 * @param settings of the user, written if there are none yet
 * @param port 0 for a free one, which the system chooses: one that is found earlier could be taken by then
 * @param env added to the environment, which is cleaned
 * @param late is aborted if it does not start in time
 * @returns `stop()`, which also ends its extension host, file watcher and engine; the promises `ended` and `listening`,
 * the address or undefined if it was stopped before, which throws a ScriptError with the end of the log if it does not
 * answer; `pid`; `log()`
 */
export function startWorkbench({
  program = [workbench.node, workbench.entry],
  folder,
  extensions,
  settings,
  port = 0,
  args = [],
  env = {},
  late = AbortSignal.timeout(startLimit),
}) {
  const userData = path.join(folder, 'user-data');
  const settingsFile = path.join(userData, 'User', 'settings.json');
  mkdirSync(path.dirname(settingsFile), { recursive: true });
  if (!existsSync(settingsFile)) writeFileSync(settingsFile, `${JSON.stringify(settings, null, 2)}\n`);
  const config = path.join(folder, 'config.yaml');
  writeFileSync(config, 'auth: none\n');
  const own = ['--config', config, '--bind-addr', `127.0.0.1:${port}`, '--auth', 'none', '--user-data-dir', userData];
  const quiet = ['telemetry', 'update-check', 'getting-started-override', 'proxy'].map((name) => `--disable-${name}`);
  const started = startProgram(
    [...program, ...own, ...quiet, '--extensions-dir', extensions, '--ignore-last-opened', ...args],
    { ...withoutEditorVariables(), EXTENSIONS_GALLERY: '{}', ...env },
  );
  const { child, ended } = started;
  const kill = (signal) => {
    try {
      if (!started.hasEnded && child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // It has ended, but its output has not been read.
    }
  };
  let isStopped = false;
  const stop = async () => {
    isStopped = true;
    kill('SIGTERM');
    const force = setTimeout(() => kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(force);
  };
  const listen = async () => {
    const url = await new Promise((resolve) => {
      const look = () => {
        const address = /listening on (http:\/\/127\.0\.0\.1:\d+)\//.exec(started.log)?.[1];
        if (address !== undefined) resolve(address);
      };
      for (const stream of [child.stdout, child.stderr]) stream.on('data', look);
      void ended.then(() => resolve(undefined));
      late.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    if (url !== undefined || isStopped) return url;
    const reason = started.hasEnded ? 'ended before it answered' : 'did not answer in time';
    await stop();
    throw new ScriptError(`The local workbench ${reason}. The end of its log:\n${started.log.slice(-8000)}`);
  };
  return { pid: child.pid, listening: listen(), ended, log: () => started.log, stop };
}

if (isMain(fileURLToPath(import.meta.url))) {
  const withBrowser = process.argv.includes('--browser');
  Promise.all([ensureWorkbench(), withBrowser ? ensureChromium() : undefined]).catch(fail);
}
