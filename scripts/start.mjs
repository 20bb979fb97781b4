// `npm start`: builds, writes the demo workspace once, and opens VS Code on it with the extension from this clone.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { buildIfStale } from './build.mjs';
import { cache, dist, root } from './paths.mjs';
import { fail, findProgram, readOptions, run, say, ScriptError } from './process.mjs';
import { demoSources, isStamped, stamp } from './stamp.mjs';
import { ensureWorkbench, startWorkbench } from './workbench.mjs';

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

/** Starts code-server with this clone linked into its extension folder, and ends with it. */
async function openLocally(workspace, port) {
  const home = path.join(cache, 'start');
  const extensions = path.join(home, 'extensions');
  const { publisher, name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  rmSync(extensions, { recursive: true, force: true });
  mkdirSync(extensions, { recursive: true });
  symlinkSync(root, path.join(extensions, `${publisher}.${name}-${version}`), 'dir');
  const args = ['--disable-workspace-trust'];
  const server = startWorkbench({ folder: home, extensions, settings: quietSettings, port, args });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, server.stop);
  const url = await server.listening;
  if (url === undefined) return;
  const address = `${url}/?folder=${encodeURIComponent(workspace).replaceAll('%2F', '/')}`;
  say(`\nVS Code is ready (Ctrl+C ends it):\n\n    ${address}\n`);
  await server.ended;
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
  const port = values.port === undefined ? undefined : chosenPort(values.port);
  await ensureWorkbench();
  await openLocally(workspace, port);
}

main().catch(fail);
