import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { testEnvironment } from './environment.ts';
import { startServer, type WorkbenchServer } from './server.ts';
import { screenshots, WorkbenchWindow } from './window.ts';

export interface SuiteOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Display language of the windows; default: English. */
  readonly language?: 'zh-cn';
  /** With every extension that VS Code ships. */
  readonly allBuiltins?: boolean;
  /** Opens the workspace in Restricted Mode. */
  readonly restricted?: boolean;
  /** Adds files to the workspace before the first test; the demo workspace is already there. */
  readonly prepare?: (folder: string) => void | Promise<void>;
}

export interface WindowTestOptions {
  /** Notifications that the test expects; any other fails the test. */
  readonly toasts?: readonly RegExp[];
  /**
   * Begins with the tabs that the test above it has left, if that was the last one and passed. It opens what it needs
   * all the same: that is quick if it is open, and a window may be new.
   */
  readonly continues?: boolean;
}

export interface WorkbenchSuite {
  /** A test with a window on the suite's workspace: that of the test before, without its tabs, if it passed. */
  test(name: string, body: (window: WorkbenchWindow) => Promise<void>, options?: WindowTestOptions): void;
}

/** Options of all parts of this process, in the order of their imports. */
const parts: SuiteOptions[] = [];
let scratch = '';
let folder = '';
let server: WorkbenchServer | undefined;
let browser: Browser | undefined;
/** How many tests are declared so far. */
let declared = 0;
/** The last test and its window; undefined if its body failed, or once the next one has begun. */
let last: { readonly number: number; readonly window: WorkbenchWindow } | undefined;

/** Starts what all parts share. A part may add files and settings; the other options are those of all parts. */
async function start(): Promise<void> {
  // The parts that are not imported yet declare their options and tests first.
  await nextTurn();
  const [{ allBuiltins = false, restricted = false } = {}] = parts;
  assert.ok(
    parts.every((part) => (part.allBuiltins ?? false) === allBuiltins && (part.restricted ?? false) === restricted),
    'Parts that differ in allBuiltins or restricted are separate files of tests',
  );
  scratch = realpathSync(mkdtempSync(path.join(tmpdir(), 'recsample-window-')));
  folder = path.join(scratch, 'demo');
  cpSync(testEnvironment().demo, folder, { recursive: true });
  for (const { prepare } of parts) await prepare?.(folder);
  const settings = Object.fromEntries(parts.flatMap((part) => Object.entries(part.settings ?? {})));
  server = await startServer({
    runFolder: path.join(scratch, 'run'),
    workspace: folder,
    allBuiltins,
    restricted,
    settings,
  });
  browser = await launchBrowser();
}

async function stop(): Promise<void> {
  // After a failed start, one of them may be missing.
  await browser?.close();
  await server?.stop();
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
}

async function open(running: WorkbenchServer, inBrowser: Browser, language?: 'zh-cn'): Promise<WorkbenchWindow> {
  // Unsaved text of an earlier window would return, because an undo reaches the backup later than the screen.
  rmSync(path.join(running.userData, 'User', 'Backups'), { recursive: true, force: true });
  return await WorkbenchWindow.open(inBrowser, running, folder, language);
}

/**
 * The window of the test before, as it was opened; unchanged if it is that of the test that this one continues. Null:
 * there is no such window, or something in it cannot be reset.
 * @param continued number of the test that this one continues; null if it continues none
 */
async function again(continued: number | null): Promise<WorkbenchWindow | null> {
  if (last === undefined) return null;
  const { number, window } = last;
  last = undefined;
  try {
    // With `--grep`, the last test may be any earlier one.
    if (number !== continued) await window.reset();
    return window;
  } catch {
    // A dialog, for example, is still open: the next test gets a new window.
    await window.close();
    return null;
  }
}

/**
 * One code-server with the packaged extension, on a copy of the demo workspace, and one window for all tests of a
 * process. The parts of a file of tests call this once each. A failed test leaves `failed-<name>.png` and
 * `failed-<name>.log` with the screenshots.
 */
export function workbenchSuite(options: SuiteOptions = {}): WorkbenchSuite {
  if (parts.length === 0) {
    before(start);
    after(stop);
  }
  parts.push(options);
  return {
    test: (name, body, { toasts, continues = false } = {}) => {
      const number = declared++;
      void test(name, async () => {
        if (server === undefined || browser === undefined) throw new Error('The server or the browser did not start');
        const window = (await again(continues ? number - 1 : null)) ?? (await open(server, browser, options.language));
        try {
          await body(window);
        } catch (error) {
          await keepEvidence(name, window, server);
          await window.close();
          throw error;
        }
        last = { number, window };
        window.checkQuiet(toasts);
      });
    },
  };
}

async function keepEvidence(name: string, window: WorkbenchWindow, server: WorkbenchServer): Promise<void> {
  const base = path.join(screenshots, `failed-${name.replaceAll(/[^\p{L}\d]+/gu, '-')}`);
  mkdirSync(screenshots, { recursive: true });
  writeFileSync(`${base}.log`, `${window.monitor.console.join('\n')}\n\n${server.log()}`);
  await window.page.screenshot({ path: `${base}.png` });
}
