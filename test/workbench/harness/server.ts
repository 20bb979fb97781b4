import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { hung } from './deadlines.ts';
import { Driver } from './driver.ts';
import { testEnvironment } from './environment.ts';

/** A running code-server on 127.0.0.1. */
export interface WorkbenchServer {
  readonly url: string;
  readonly pid: number;
  readonly userData: string;
  /** The extension for tests in the window of the workspace. */
  readonly driver: Driver;
  log(): string;
  /** Ends the server with its extension host, file watcher and engine. */
  stop(): Promise<void>;
}

/** Settings for a quiet and deterministic window; a test may add its own. */
const quietSettings: Readonly<Record<string, unknown>> = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.enableExperiments': false,
  'workbench.colorTheme': 'Dark Modern',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.reduceMotion': 'on',
  // A loading webview takes the focus, which would close the palette during a test.
  'workbench.quickOpen.closeOnFocusLost': false,
  'chat.commandCenter.enabled': false,
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'npm.fetchOnlinePackageInfo': false,
  'json.schemaDownload.enable': false,
  'remote.autoForwardPorts': false,
  'window.commandCenter': false,
  'editor.hover.delay': 100,
  'editor.cursorBlinking': 'solid',
  'files.autoSave': 'off',
  // A window is used by several tests, and each opens a config at its top.
  'workbench.editor.restoreViewState': false,
  'files.hotExit': 'off',
};

/** No question at the start: the window is restricted immediately. */
const restrictedSettings: Readonly<Record<string, unknown>> = {
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
};

export interface ServerOptions {
  /** A separate folder for user data and configuration. */
  readonly runFolder: string;
  /** The folder of the window that is tested. */
  readonly workspace: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Added to the environment of the server and of the extension host. */
  readonly env?: Readonly<Record<string, string>>;
  /** Enables the driver of VS Code's own smoke tests. Tests in the extension host need it; dialogs become automatic. */
  readonly smokeTestDriver?: boolean;
  /** All extensions that VS Code ships; default: those that most tests need (scripts/prepareWorkbench.mjs). */
  readonly allBuiltins?: boolean;
  /** Leaves workspace trust enabled: every folder opens in Restricted Mode. */
  readonly restricted?: boolean;
}

/**
 * Starts code-server and resolves when it answers. @throws Error with its log if it ends or hangs
 */
export async function startServer({
  runFolder,
  workspace,
  settings = {},
  env = {},
  smokeTestDriver = false,
  allBuiltins = false,
  restricted = false,
}: ServerOptions): Promise<WorkbenchServer> {
  const { node, entry, extensions, builtins } = testEnvironment();
  const userData = path.join(runFolder, 'user-data');
  mkdirSync(path.join(userData, 'User'), { recursive: true });
  writeFileSync(
    path.join(userData, 'User', 'settings.json'),
    JSON.stringify({ ...quietSettings, ...(restricted ? restrictedSettings : {}), ...settings }),
  );
  writeFileSync(path.join(runFolder, 'config.yaml'), 'auth: none\n');
  const driver = new Driver(path.join(runFolder, 'driver.sock'), workspace);
  const child = spawn(
    node,
    [
      entry,
      '--config',
      path.join(runFolder, 'config.yaml'),
      '--bind-addr',
      // The system chooses a free port. A port found earlier could be taken by then.
      '127.0.0.1:0',
      '--auth',
      'none',
      '--disable-telemetry',
      '--disable-update-check',
      ...(restricted ? [] : ['--disable-workspace-trust']),
      '--disable-getting-started-override',
      '--disable-proxy',
      '--user-data-dir',
      userData,
      '--extensions-dir',
      extensions,
      ...(allBuiltins ? [] : ['--builtin-extensions-dir', builtins]),
      '--ignore-last-opened',
      ...(smokeTestDriver ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
    ],
    {
      env: { ...process.env, ...env, EXTENSIONS_GALLERY: '{}', ...driver.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    },
  );
  let log = '';
  child.stdout.on('data', (text: Buffer) => {
    log += text.toString();
  });
  child.stderr.on('data', (text: Buffer) => {
    log += text.toString();
  });
  const { pid } = child;
  assert.ok(pid !== undefined);
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  const stop = async (): Promise<void> => {
    if (ended()) return;
    const exit = once(child, 'exit');
    process.kill(-pid, 'SIGTERM');
    const force = setTimeout(() => process.kill(-pid, 'SIGKILL'), 5000);
    await exit;
    clearTimeout(force);
  };

  const deadline = Date.now() + hung;
  let url = listensAt(log);
  while (url === undefined) {
    if (ended() || Date.now() > deadline) {
      await stop();
      throw new Error(`code-server did not start:\n${log}`);
    }
    await delay(50);
    url = listensAt(log);
  }
  return { url, pid, userData, driver, log: () => log, stop };
}

/** The address in the log of a server that listens. */
const listensAt = (log: string): string | undefined => /listening on (http:\/\/127\.0\.0\.1:\d+)\//.exec(log)?.[1];
