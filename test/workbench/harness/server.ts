import assert from 'node:assert/strict';
import path from 'node:path';
import { Driver } from './driver.ts';
import { testEnvironment } from './environment.ts';

interface ServerProcess {
  readonly pid: number;
  log(): string;
  /** Ends the server with its extension host, file watcher and engine. */
  stop(): Promise<void>;
}

const { startWorkbench } = (await import(new URL('../../../scripts/workbench.mjs', import.meta.url).href)) as {
  readonly startWorkbench: (options: {
    readonly folder: string;
    readonly extensions: string;
    readonly settings: Readonly<Record<string, unknown>>;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
  }) => ServerProcess & { readonly listening: Promise<string | undefined> };
};

/** A running code-server on 127.0.0.1. */
export interface WorkbenchServer extends ServerProcess {
  readonly url: string;
  readonly userData: string;
  /** The extension for tests in the window of the workspace. */
  readonly driver: Driver;
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
  const { extensions, builtins } = testEnvironment();
  const driver = new Driver(path.join(runFolder, 'driver.sock'), workspace);
  const server = startWorkbench({
    folder: runFolder,
    extensions,
    settings: { ...quietSettings, ...(restricted ? restrictedSettings : {}), ...settings },
    args: [
      ...(restricted ? [] : ['--disable-workspace-trust']),
      ...(allBuiltins ? [] : ['--builtin-extensions-dir', builtins]),
      ...(smokeTestDriver ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
    ],
    env: { ...env, ...driver.env },
  });
  const url = await server.listening;
  assert.ok(url !== undefined);
  return { ...server, url, driver, userData: path.join(runFolder, 'user-data') };
}
