import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { launchBrowser } from './browser.ts';
import { hung } from './deadlines.ts';
import { testEnvironment } from './environment.ts';
import type { HostResult } from './hostRunner.ts';
import { startServer } from './server.ts';

const here = import.meta.dirname;

/**
 * Runs the mocha tests of `test/workbench/host` in the extension host of a workbench with the packaged extension and a
 * copy of the demo workspace.
 * @throws Error with the server's log if the run ends without results
 */
export async function runInExtensionHost(): Promise<readonly HostResult[]> {
  const scratch = realpathSync(mkdtempSync(path.join(tmpdir(), 'recsample-host-')));
  const folder = path.join(scratch, 'demo');
  const resultsFile = path.join(scratch, 'results.json');
  cpSync(testEnvironment().demo, folder, { recursive: true });
  const tests = await bundleTests();
  const [server, browser] = await Promise.all([
    startServer({
      runFolder: path.join(scratch, 'run'),
      workspace: folder,
      smokeTestDriver: true,
      allBuiltins: true,
      env: { RECSAMPLE_HOST_RESULTS: resultsFile },
    }),
    launchBrowser(),
  ]);
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(hung);
    const lines: string[] = [];
    await page.exposeFunction('codeAutomationLog', (_type: string, args: readonly unknown[]) => {
      lines.push(args.map(String).join(' '));
    });
    let exited: () => void = () => undefined;
    const exit = new Promise<void>((resolve, reject) => {
      exited = resolve;
      page.once('crash', () => {
        reject(new Error('the page of the workbench crashed'));
      });
    });
    await page.exposeFunction('codeAutomationExit', () => {
      exited();
    });
    const remote = (file: string) => `vscode-remote://${new URL(server.url).host}${file}`;
    // The extension under development is the driver. It depends on RecSample, so the installed RecSample runs.
    const payload = JSON.stringify([
      ['extensionDevelopmentPath', remote(path.resolve(here, '../driver'))],
      ['extensionTestsPath', remote(tests)],
    ]);
    await page.goto(`${server.url}/?${new URLSearchParams({ folder, payload }).toString()}`, {
      waitUntil: 'domcontentloaded',
    });
    await exit;
    if (!existsSync(resultsFile))
      throw new Error(`the extension host left no results:\n${lines.join('\n')}\n${server.log()}`);
    return JSON.parse(readFileSync(resultsFile, 'utf8')) as readonly HostResult[];
  } finally {
    await browser.close();
    await server.stop();
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Bundles all host tests into one module that exports `run`. It is written into the clone, where `mocha` resolves. */
async function bundleTests(): Promise<string> {
  const host = path.resolve(here, '../host');
  const files = readdirSync(host)
    .filter((name) => name.endsWith('.test.ts'))
    .sort();
  const outfile = path.resolve(here, '../../results/host/index.cjs');
  mkdirSync(path.dirname(outfile), { recursive: true });
  await build({
    stdin: {
      contents: `import { hostRunner } from '../harness/hostRunner.ts';
        export const run = hostRunner(() => { ${files.map((name) => `require(${JSON.stringify(`./${name}`)});`).join(' ')} });`,
      resolveDir: host,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return outfile;
}
