// `npm start`: builds, writes the demo workspace once, and opens VS Code on it with the extension from this clone.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { buildIfStale } from './build.mjs';
import { cache, dist, root } from './paths.mjs';
import { fail, findProgram, readOptions, run, say, ScriptError } from './process.mjs';
import { demoSources, isStamped, stamp } from './stamp.mjs';
import { ensureWorkbench, withoutEditorVariables, workbench } from './workbench.mjs';

const help = `npm start -- [--workspace DIR] [--port N] [--local]

  Opens VS Code on the demo workspace with the extension from this clone: your own \`code\` where it is on PATH, else a
  local code-server in the browser, which stays in the foreground until Ctrl+C.

  --workspace DIR   open this folder instead of the demo workspace
  --port N          port of the local code-server (default: a free one)
  --local           use the local code-server even where \`code\` is on PATH`;

const values = readOptions({
  workspace: { type: 'string' },
  port: { type: 'string' },
  local: { type: 'boolean' },
  'demo-only': { type: 'boolean' },
  help: { type: 'boolean' },
});

const demoScale = 'small';

/**
 * Writes the demo workspace. A complete one is kept. An incomplete one, or one of another generator, is written again;
 * the old folder, which may hold changes of yours, is kept under another name.
 */
async function ensureDemo() {
  const demo = path.join(cache, 'demo');
  const stampFile = path.join(cache, 'demo.stamp');
  const current = `${demoScale} ${demoSources()}`;
  if (existsSync(demo) && isStamped(stampFile, current)) return demo;
  say('Writing the demo workspace …');
  const unfinished = `${demo}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  if (existsSync(demo)) {
    rmSync(`${demo}.old`, { recursive: true, force: true });
    renameSync(demo, `${demo}.old`);
    say(`The demo of an earlier generator is now ${demo}.old.`);
  }
  mkdirSync(cache, { recursive: true });
  await run(process.execPath, [path.join(dist, 'cli.cjs'), 'demo', unfinished, '--scale', demoScale]);
  renameSync(unfinished, demo);
  stamp(stampFile, current);
  return demo;
}

function chosenWorkspace(given) {
  const workspace = path.resolve(process.env.INIT_CWD ?? process.cwd(), given);
  if (!existsSync(workspace)) throw new ScriptError(`There is no folder ${workspace}.`);
  return workspace;
}

function chosenPort(given) {
  const port = Number(given);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new ScriptError(`--port ${given}: a port is a number from 1 to 65535.`);
  return port;
}

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Starts code-server with this clone linked into its extension folder, and ends with it. */
async function openLocally(workspace, port) {
  const home = path.join(cache, 'start');
  const extensions = path.join(home, 'extensions');
  const { publisher, name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  rmSync(extensions, { recursive: true, force: true });
  mkdirSync(extensions, { recursive: true });
  symlinkSync(root, path.join(extensions, `${publisher}.${name}-${version}`), 'dir');
  mkdirSync(path.join(home, 'user-data', 'User'), { recursive: true });
  const settings = path.join(home, 'user-data', 'User', 'settings.json');
  if (!existsSync(settings)) writeFileSync(settings, `${JSON.stringify(quietSettings, null, 2)}\n`);
  writeFileSync(path.join(home, 'config.yaml'), 'auth: none\n');

  const child = spawn(
    workbench.node,
    [
      workbench.entry,
      '--config',
      path.join(home, 'config.yaml'),
      '--bind-addr',
      `127.0.0.1:${port}`,
      '--auth',
      'none',
      '--disable-telemetry',
      '--disable-update-check',
      '--disable-workspace-trust',
      '--disable-getting-started-override',
      '--disable-proxy',
      '--user-data-dir',
      path.join(home, 'user-data'),
      '--extensions-dir',
      extensions,
      '--ignore-last-opened',
    ],
    {
      env: { ...withoutEditorVariables(), EXTENSIONS_GALLERY: '{}' },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    },
  );
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      log = `${log}${text}`.slice(-8000);
    });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  // Its own process group, so that the extension host, the file watcher and the engine end with it.
  const stop = () => {
    try {
      process.kill(-child.pid, 'SIGTERM');
    } catch {
      // The process has already ended.
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, stop);
  child.once('error', (error) => {
    log += error.message;
  });

  const url = `http://127.0.0.1:${port}`;
  await untilHealthy(url, child, () => log);
  if (child.exitCode === null)
    say(
      `\nVS Code is ready (Ctrl+C ends it):\n\n    ${url}/?folder=${encodeURIComponent(workspace).replaceAll('%2F', '/')}\n`,
    );
  await ended;
}

async function untilHealthy(url, child, log) {
  while (child.exitCode === null && child.signalCode === null) {
    const healthy = await fetch(`${url}/healthz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (healthy) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  if (child.exitCode !== 0 && child.signalCode === null)
    throw new ScriptError(`The local workbench did not start:\n${log()}`);
}

const quietSettings = {
  'workbench.startupEditor': 'welcomePageInEmptyWorkbench',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'json.schemaDownload.enable': false,
  'git.openRepositoryInParentFolders': 'never',
};

async function main() {
  if (values.help === true) return process.stdout.write(`${help}\n`);
  await buildIfStale();
  if (values['demo-only'] === true) return ensureDemo();
  const workspace = values.workspace === undefined ? await ensureDemo() : chosenWorkspace(values.workspace);
  const code = values.local === true || values.port !== undefined ? undefined : findProgram('code');
  if (code !== undefined) {
    say(`Opening ${workspace} in VS Code …`);
    return run(code, [`--extensionDevelopmentPath=${root}`, workspace], { show: true });
  }
  const port = values.port === undefined ? await freePort() : chosenPort(values.port);
  await ensureWorkbench();
  await openLocally(workspace, port);
}

main().catch(fail);
