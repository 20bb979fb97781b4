// Installs a VS Code workbench (code-server on its own Node) into .cache/workbench, for `npm start` without an
// installed VS Code and for the workbench tests. Idempotent: a stamp records the installed versions.
import { existsSync, rmSync } from 'node:fs';
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

/** Environment variables that a VS Code terminal passes to its children; a workbench must not see them. */
export function withoutEditorVariables(env = process.env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('VSCODE_')));
}

if (isMain(fileURLToPath(import.meta.url))) {
  const withBrowser = process.argv.includes('--browser');
  Promise.all([ensureWorkbench(), withBrowser ? ensureChromium() : undefined]).catch(fail);
}
